/* The XML reader. */

#include "reading.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	reading_check((struct str){ (const char *)data, size }, IDOC_XML);
	return 0;
}
