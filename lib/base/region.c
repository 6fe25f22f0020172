#include "base/region.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

/* Of the file, reserved at a time. */
#define REGION_RESERVE MIB

struct region {
	char *base;
	size_t size;
	size_t reserved; /* bytes of the file that the disk has room for */
	size_t used;
	int fd;
	struct region *next; /* in the list of all */
};

/* What is resident is a matter of the process: so is the list. */
static struct region *all;

struct region *
region_new(size_t size)
{
	struct region *region = mem_zero(1, sizeof(*region));
	void *base = MAP_FAILED;
	int err;

	region->fd = fd_unlinked();
	if (region->fd >= 0)
		base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		    region->fd, 0);
	if (base == MAP_FAILED) {
		err = errno;
		if (region->fd >= 0)
			close(region->fd);
		free(region);
		errno = err;
		return NULL;
	}
	region->base = base;
	region->size = size;
	region->next = all;
	all = region;
	return region;
}

void
region_free(struct region *region)
{
	struct region **link = &all;

	if (region == NULL)
		return;
	while (*link != region)
		link = &(*link)->next;
	*link = region->next;
	munmap(region->base, region->size);
	close(region->fd);
	free(region);
}

void *
region_take(struct region *region, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *memory = region->base + region->used;
	size_t more;
	int err;

	if (size > region->size - region->used - align) {
		errno = ENOSPC;
		return NULL;
	}
	size = (size + align - 1) / align * align;
	if (region->used + size > region->reserved) {
		more = region->used + size - region->reserved;
		more = (more + REGION_RESERVE - 1) / REGION_RESERVE *
		       REGION_RESERVE;
		err = posix_fallocate(region->fd, (off_t)region->reserved,
		    (off_t)more);
		if (err != 0) {
			errno = err;
			return NULL;
		}
		region->reserved += more;
	}
	region->used += size;
	return memory;
}

size_t
region_used(const struct region *region)
{
	return region->used;
}

void
region_cut(struct region *region, size_t used)
{
	region->used = used;
}

void
region_cool(void)
{
	/* Of a shared mapping MADV_DONTNEED loses nothing. */
	for (struct region *region = all; region != NULL; region = region->next)
		madvise(region->base, region->size, MADV_DONTNEED);
}
