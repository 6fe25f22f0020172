/*
 * What XML costs before anybody looks at it: libxml2's push parser, fed from
 * standard input in the same pieces as idoc-parse, with handlers that do
 * nothing. The yardstick of idoc-parse.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespaces, const xmlChar **spaces, int attributes,
    int defaulted, const xmlChar **values)
{
	(void)user, (void)name, (void)prefix, (void)uri, (void)namespaces;
	(void)spaces, (void)attributes, (void)defaulted, (void)values;
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	(void)user, (void)name, (void)prefix, (void)uri;
}

static void
on_text(void *user, const xmlChar *text, int len)
{
	(void)user, (void)text, (void)len;
}

int
main(void)
{
	static char bytes[256 * 1024];
	xmlSAXHandler handler;
	xmlParserCtxtPtr context;
	ssize_t got;
	int failed = 0;

	memset(&handler, 0, sizeof(handler));
	handler.initialized = XML_SAX2_MAGIC;
	handler.startElementNs = on_start;
	handler.endElementNs = on_end;
	handler.characters = on_text;
	context = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	if (context == NULL)
		return 71;
	xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_HUGE);
	while ((got = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0 && !failed)
		failed = xmlParseChunk(context, bytes, (int)got, 0);
	if (!failed)
		failed = xmlParseChunk(context, bytes, 0, 1);
	xmlFreeParserCtxt(context);
	if (failed)
		fputs("sax_empty: not well-formed\n", stderr);
	return failed ? 65 : 0;
}
