#include "sku/sku.h"

#include "base/text.h"
#include "sku/sku_map.h"

struct sku_rule
sku_rule_of(const struct config *config)
{
	struct sku_rule rule;

	rule.strip = config_text(config, "sku", NULL, "strip");
	rule.upper = config_bool(config, "sku", NULL, "upper");
	rule.map = NULL;
	return rule;
}

static bool
changes(const struct sku_rule *rule, char c)
{
	return (c != '\0' && strchr(rule->strip, c) != NULL) ||
	       (rule->upper && text_upper(c) != c);
}

struct str
sku_normalise(const struct sku_rule *rule, struct str text, struct buf *scratch)
{
	struct str mapped = sku_map_find(rule->map, text);
	size_t i = 0;

	if (mapped.len > 0)
		return mapped;
	text = str_trim(text);
	if (rule->strip[0] == '\0' && !rule->upper)
		return str_alpha_out(text);
	while (i < text.len && !changes(rule, text.data[i]))
		i++;
	if (i == text.len)
		return str_alpha_out(text);
	buf_clear(scratch);
	buf_add(scratch, text.data, i);
	for (; i < text.len; i++) {
		char c = text.data[i];

		if (c != '\0' && strchr(rule->strip, c) != NULL)
			continue;
		buf_add_char(scratch, rule->upper ? text_upper(c) : c);
	}
	return str_alpha_out(buf_str(scratch));
}
