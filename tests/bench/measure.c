/*
 * measure IN COMMAND [ARGS]: run the command once, standard input from the
 * file IN ("-" keeps ours), standard output to /dev/null, and print
 *
 *	WALL-SECONDS CPU-SECONDS PEAK-RSS-KB EXIT-CODE
 *
 * measure -o FILE COMMAND [ARGS]: the same for a command in a pipe, whose
 * standard input and output are ours; what it took goes to FILE.
 */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
cpu_seconds(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) /
		   1e6;
}

static void
run(char **command)
{
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

static void
become(const char *in, char **command)
{
	int input = strcmp(in, "-") == 0 ? STDIN_FILENO : open(in, O_RDONLY);
	int output = open("/dev/null", O_WRONLY);

	if (input < 0 || output < 0 || dup2(input, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0) {
		perror(in);
		_exit(66);
	}
	run(command);
}

int
main(int argc, char **argv)
{
	bool piped = argc > 3 && strcmp(argv[1], "-o") == 0;
	FILE *to = stdout;
	struct rusage usage;
	double begin;
	pid_t child;
	int status;

	if (argc < 3) {
		fputs("usage: measure IN COMMAND [ARGS]\n", stderr);
		return 64;
	}
	begin = clock_seconds();
	child = fork();
	if (child == 0 && piped)
		run(argv + 3);
	if (child == 0)
		become(argv[1], argv + 2);
	if (piped) {
		/* The reader of our pipe waits for its end. */
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		to = fopen(argv[2], "w");
	}
	if (child < 0 || to == NULL || wait4(child, &status, 0, &usage) < 0) {
		perror("measure");
		return 71;
	}
	fprintf(to, "%.4f %.4f %ld %d\n", clock_seconds() - begin,
	    cpu_seconds(&usage), usage.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(to) == 0 ? 0 : 74;
}
