/* Text in a page is text. */

#include "base/html.h"
#include "tap.h"

int
main(void)
{
	struct buf to = BUF_INIT;

	html_text(&to, STR("a<b>&\"'\n\x01"));
	IS_STR(to.data, "a&lt;b&gt;&amp;&quot;&#39;  ", "marks and blanks");
	buf_clear(&to);
	html_text(&to, STR("M\xC3\xBCller"));
	IS_STR(to.data, "M\xC3\xBCller", "UTF-8 stays");
	buf_clear(&to);
	html_element(&to, "td class=n", STR("<1>"));
	IS_STR(to.data, "<td class=n>&lt;1&gt;</td>", "an element");
	buf_free(&to);
	DONE();
}
