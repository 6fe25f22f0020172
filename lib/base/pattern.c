#include "base/pattern.h"

#include "base/status.h"

bool
pattern_compile(regex_t *pattern, const char *expression)
{
	int result = regcomp(pattern, expression, REG_EXTENDED | REG_NOSUB);

	if (result == REG_ESPACE)
		status_out_of_memory();
	return result == 0;
}

bool
pattern_matches(const regex_t *pattern, const char *text)
{
	int result = regexec(pattern, text, 0, NULL, 0);

	if (result == REG_ESPACE)
		status_out_of_memory();
	return result == 0;
}
