#include "state/sku_tell.h"

#include "base/text.h"
#include "state/exceptions.h"

/* A text of somebody else's, as a message may hold it. */
static struct str
safe(struct str text, struct arena *arena)
{
	struct buf escaped = BUF_INIT;
	struct str copy =
	    arena_str(arena, str_of(text_escape(&escaped, text, 60)));

	buf_free(&escaped);
	return copy;
}

static struct exception
collision(struct str material, const struct sku_standing *standing,
    struct arena *arena)
{
	return (struct exception){
		.code = "sku-collision",
		.subject = "sku",
		.id = standing->asked,
		.message = arena_format(arena,
		    "two materials give one SKU: '%.*s' keeps it, seen with "
		    "'%.*s'",
		    STR_ARGS(safe(standing->owner, arena)),
		    STR_ARGS(safe(material, arena))),
	};
}

static struct exception
mapping_changed(struct str material, const struct sku_standing *standing,
    struct arena *arena)
{
	return (struct exception){
		.code = "sku-mapping-changed",
		.subject = "material",
		.id = standing->item,
		.message = arena_format(arena,
		    "material '%.*s' had the SKU '%.*s' and has '%.*s' now",
		    STR_ARGS(safe(material, arena)),
		    STR_ARGS(safe(standing->before, arena)),
		    STR_ARGS(safe(standing->asked, arena))),
	};
}

static struct exception
ambiguous(const struct sku_standing *standing, struct arena *arena)
{
	return (struct exception){
		.code = "material-ambiguous",
		.subject = "material",
		.id = standing->ambiguous,
		.message = arena_format(arena,
		    "'%.*s' is the MATNR of one material and the long number "
		    "of another: alone it is taken for the MATNR",
		    STR_ARGS(safe(standing->ambiguous, arena))),
	};
}

enum status
sku_tell(struct filter *filter, struct str material,
    const struct sku_standing *standing, const struct record_src *src,
    struct arena *arena, struct buf *output, struct diag *diag)
{
	struct exception exception;
	enum status status = STATUS_OK;

	if (standing->freed.len > 0)
		status = exceptions_heal(filter->state, "sku-collision", "sku",
		    standing->freed, diag);
	if (status == STATUS_OK && standing->before.len > 0) {
		exception = mapping_changed(material, standing, arena);
		status = filter_except(filter, &exception, output, diag);
	}
	if (status == STATUS_OK && standing->ambiguous.len > 0) {
		exception = ambiguous(standing, arena);
		status = filter_except(filter, &exception, output, diag);
	}
	if (status != STATUS_OK || !standing->collides)
		return status;
	exception = collision(material, standing, arena);
	if (src != NULL)
		exception.src = *src;
	return filter_except(filter, &exception, output, diag);
}

static enum status
tell_ean(struct filter *filter, const struct sku_sharing *sharing,
    const struct record_src *src, struct arena *arena, struct buf *output,
    struct diag *diag)
{
	struct exception exception = {
		.code = "ean-collision",
		.subject = "ean",
		.id = sharing->ean,
	};

	if (sharing->count < 2)
		return exceptions_heal(filter->state, exception.code,
		    exception.subject, sharing->ean, diag);
	exception.message =
	    arena_format(arena, "two products have one EAN: '%.*s' and '%.*s'",
		STR_ARGS(safe(sharing->skus[0], arena)),
		STR_ARGS(safe(sharing->skus[1], arena)));
	if (src != NULL)
		exception.src = *src;
	return filter_except(filter, &exception, output, diag);
}

enum status
sku_tell_eans(struct filter *filter, const struct sku_sharing *sharing,
    size_t count, const struct record_src *src, struct arena *arena,
    struct buf *output, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status =
		    tell_ean(filter, &sharing[i], src, arena, output, diag);
	return status;
}
