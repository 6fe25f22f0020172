#include "base/html.h"

void
html_text(struct buf *to, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.data[i]) {
		case '&':
			buf_add_text(to, "&amp;");
			break;
		case '<':
			buf_add_text(to, "&lt;");
			break;
		case '>':
			buf_add_text(to, "&gt;");
			break;
		case '"':
			buf_add_text(to, "&quot;");
			break;
		case '\'':
			buf_add_text(to, "&#39;");
			break;
		default:
			buf_add_char(to, (unsigned char)text.data[i] < ' '
					     ? ' '
					     : text.data[i]);
		}
	}
}

void
html_element(struct buf *to, const char *tag, struct str text)
{
	buf_add_format(to, "<%s>", tag);
	html_text(to, text);
	buf_add_format(to, "</%.*s>", (int)strcspn(tag, " "), tag);
}
