#include "audit/report_parts.h"

#include "audit/balance.h"
#include "audit/health.h"
#include "base/html.h"
#include "base/instant.h"

/* The page asks nobody for anything: its policy forbids it. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
    "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
    "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=color-scheme content=\"light dark\">\n"
    "<link rel=icon href=\"data:,\">\n"
    "<title>SAP and Ometria: the state of the sync</title>\n<style>\n"
    ":root{color-scheme:light dark;--ink:#1c2430;--soft:#5a6675;"
    "--page:#fff;--card:#f4f6f8;--rule:#d5dbe2;--c0:#0b62a4;--c1:#c2410c;"
    "--c2:#0f766e;--c3:#7c3aed;--bad:#b42318;--good:#146c43}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6eaef;--soft:#9aa7b5;"
    "--page:#14181d;--card:#1d232a;--rule:#37414c;--c0:#5aa9e6;--c1:#f0945c;"
    "--c2:#4fc1b0;--c3:#b79cf7;--bad:#ff8a7a;--good:#6fcf97}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:80rem;padding:1rem 1.2rem 4rem;"
    "background:var(--page);color:var(--ink);"
    "font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}\n"
    "h1{font-size:1.7rem;line-height:1.2;margin:1rem 0 .3rem}"
    "h2{font-size:1.3rem;margin:2.5rem 0 .3rem;padding-top:.6rem;"
    "border-top:1px solid var(--rule)}"
    "h3{font-size:1.05rem;margin:0 0 .3rem}"
    "p{margin:.2rem 0 .7rem;max-width:48rem}\n"
    ".about,figcaption p,.none{color:var(--soft)}\n"
    ".verdict{display:inline-block;padding:.2rem .8rem;border-radius:1rem;"
    "border:2px solid currentColor;font-weight:600}"
    ".broken,.attention,.standing.open{color:var(--bad)}"
    ".healthy,.standing.prevented{color:var(--good)}"
    ".quiet,.unknown{color:var(--soft)}\n"
    ".cards,.charts{display:grid;gap:1rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(18rem,100%),1fr))}\n"
    ".charts{align-items:start;grid-template-columns:repeat(auto-fill,"
    "minmax(min(34rem,100%),1fr))}\n"
    "article,figure{margin:0;padding:1rem;background:var(--card);"
    "border-radius:.5rem;min-width:0}figure{max-width:46rem}\n"
    "ul{margin:.2rem 0;padding-left:1.1rem}"
    ".evidence{margin:.4rem 0;padding:0;list-style:none}"
    ".evidence li{display:flex;gap:1rem;justify-content:space-between;"
    "border-top:1px solid var(--rule);padding:.2rem 0}"
    ".evidence b{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "li.open b{color:var(--bad)}li.prevented b{color:var(--good)}\n"
    ".standing{font-weight:600;margin-bottom:.2rem}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0 1rem;"
    "font-size:.92rem}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;"
    "border-bottom:1px solid var(--rule);min-width:4rem;max-width:26rem}"
    "th{white-space:nowrap}"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "th button{all:unset;cursor:pointer}"
    "th button:focus-visible{outline:2px solid var(--c0)}"
    "th[aria-sort] button::after{content:' \\2193'}"
    "th[aria-sort=ascending] button::after{content:' \\2191'}\n"
    "pre{overflow-x:auto;padding:1rem;background:var(--card);"
    "border-radius:.5rem;font-size:.85rem}\n"
    "svg{display:block;width:100%;min-width:32rem;height:auto}"
    "svg text{fill:var(--soft);font-size:13px}.grid{stroke:var(--rule)}"
    ".line{fill:none;stroke-width:2}"
    ".s0{fill:var(--c0);stroke:var(--c0);background:var(--c0)}"
    ".s1{fill:var(--c1);stroke:var(--c1);background:var(--c1)}"
    ".s2{fill:var(--c2);stroke:var(--c2);background:var(--c2)}"
    ".s3{fill:var(--c3);stroke:var(--c3);background:var(--c3)}"
    "path.line{fill:none}"
    ".legend span{white-space:nowrap}"
    ".legend i{display:inline-block;width:.8rem;height:.8rem;"
    "margin:0 .3rem 0 .6rem;border-radius:.2rem}\n"
    "dt{font-weight:600}dd{margin:0 0 .6rem;max-width:48rem}\n"
    "@media print{:root{color-scheme:light;--ink:#000;--soft:#444;"
    "--page:#fff;--card:#fff;--rule:#bbb;--bad:#b42318;--good:#146c43}"
    "body{max-width:none;font-size:11pt;padding:0}"
    "article,figure{border:1px solid var(--rule);break-inside:avoid}"
    ".wide,pre{overflow:visible}pre{white-space:pre-wrap}"
    "svg{min-width:0}details{display:none}"
    ".legend i{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "tr{break-inside:avoid}h2,h3{break-after:avoid}}\n"
    "</style></head><body>\n";

/* Headings become buttons that sort; without it the page is read as it is. */
static const char foot[] =
    "<script>\n"
    "for(const t of document.querySelectorAll('table.sort')){\n"
    "const h=[...t.tHead.rows[0].cells],b=t.tBodies[0];\n"
    "h.forEach((c,i)=>{const k=document.createElement('button');\n"
    "k.type='button';k.textContent=c.textContent;c.replaceChildren(k);\n"
    "k.onclick=()=>{const up=c.getAttribute('aria-sort')=='descending';\n"
    "h.forEach(x=>x.removeAttribute('aria-sort'));\n"
    "c.setAttribute('aria-sort',up?'ascending':'descending');\n"
    "const v=r=>r.cells[i].dataset.v??r.cells[i].textContent;\n"
    "[...b.rows].sort((x,y)=>(up?1:-1)*v(x).localeCompare(v(y),undefined,"
    "{numeric:true})).forEach(r=>b.append(r))}})}\n"
    "</script></body></html>\n";

void
report_section(struct report *report, const char *id, const char *title,
    const char *about)
{
	buf_add_format(report->to, "<h2 id=\"%s\">", id);
	html_text(report->to, str_of(title));
	buf_add_text(report->to, "</h2>\n");
	if (about != NULL)
		html_element(report->to, "p class=about", str_of(about));
}

static void
write_verdict(struct report *report, const struct health *health)
{
	struct str left = buf_str(&health->reasons);

	buf_add_format(report->to, "<p class=\"verdict %s\">%s</p>\n",
	    verdict_name(health->verdict), verdict_name(health->verdict));
	if (left.len > 0)
		buf_add_text(report->to, "<ul class=reasons>\n");
	while (left.len > 0) {
		const char *end = memchr(left.data, '\n', left.len);
		size_t len = (size_t)(end - left.data);

		html_element(report->to, "li", (struct str){ left.data, len });
		left = str_from(left, len + 1);
	}
	if (buf_str(&health->reasons).len > 0)
		buf_add_text(report->to, "</ul>\n");
}

static enum status
write_top(struct report *report)
{
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	char now[INSTANT_TEXT];
	enum status status;

	buf_add_text(report->to, head);
	buf_add_text(report->to,
	    "<main><h1>SAP and Ometria: the state of the sync</h1>\n");
	buf_add_format(report->to, "<p class=about>As of %s UTC%s.</p>\n",
	    instant_format(instant_now(), now),
	    report->mask ? ", without numbers of persons" : "");
	if (report->state == NULL)
		return STATUS_OK;
	status = health_read(&health, report->state, report->diag);
	if (status == STATUS_OK)
		write_verdict(report, &health);
	health_free(&health);
	return status;
}

static enum status
write_exceptions(struct report *report)
{
	static const struct report_column columns[] = {
		{ "code", REPORT_TEXT },
		{ "owner", REPORT_TEXT },
		{ "severity", REPORT_TEXT },
		{ "open", REPORT_NUMBER },
		{ "times", REPORT_NUMBER },
		{ "oldest", REPORT_AGE },
		{ NULL, REPORT_TEXT },
	};
	static const struct report_column holds[] = {
		{ "customer", REPORT_PERSON },
		{ "because of", REPORT_TEXT },
		{ "for", REPORT_AGE },
		{ NULL, REPORT_TEXT },
	};
	enum status status;

	report_section(report, "exceptions", "Open exceptions",
	    "What somebody has to deal with; what each means and what to do is "
	    "in sap-ometria-exceptions(7).");
	status = report_query(report,
	    "SELECT code, owner, CASE severity WHEN 3 THEN 'critical'"
	    " WHEN 2 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END,"
	    " count(*), sum(count), ?1 - min(first_at) FROM exception"
	    " WHERE open = 1 GROUP BY code, owner, severity"
	    " ORDER BY severity DESC, count(*) DESC, code",
	    columns);
	if (status != STATUS_OK)
		return status;
	report_section(report, "holds", "Held customers",
	    "Nothing of them is sent until their master data is right; the "
	    "first 100.");
	return report_query(report,
	    "SELECT customer, mestyp, ?1 - set_at FROM hold"
	    " ORDER BY set_at, customer LIMIT 100",
	    holds);
}

static enum status
write_waiting(struct report *report)
{
	static const struct report_column columns[] = {
		{ "for Ometria", REPORT_TEXT },
		{ "accepted", REPORT_NUMBER },
		{ "waiting", REPORT_NUMBER },
		{ "in flight", REPORT_NUMBER },
		{ "refused", REPORT_NUMBER },
		{ "oldest that waits", REPORT_AGE },
		{ NULL, REPORT_TEXT },
	};

	report_section(report, "outbox", "What goes to Ometria",
	    "Records as they are to be, by where their newest state is.");
	return report_query(report,
	    "SELECT CASE kind WHEN 0 THEN 'products' WHEN 1 THEN 'contacts'"
	    " WHEN 2 THEN 'orders' ELSE 'events' END, sum(state = 0),"
	    " sum(state = 1), sum(state = 2), sum(state = 3),"
	    " ?1 - min(CASE WHEN state IN (1, 2) THEN queued_at END)"
	    " FROM outbox GROUP BY kind ORDER BY kind",
	    columns);
}

static enum status
write_runs(struct report *report)
{
	static const struct report_column columns[] = {
		{ "tool", REPORT_TEXT },
		{ "runs", REPORT_NUMBER },
		{ "read", REPORT_NUMBER },
		{ "written", REPORT_NUMBER },
		{ "excepted", REPORT_NUMBER },
		{ "duplicates", REPORT_NUMBER },
		{ "last began", REPORT_TIME },
		{ NULL, REPORT_TEXT },
	};

	report_section(report, "runs", "Runs", NULL);
	return report_query(report,
	    "SELECT tool, count(*), sum(read), sum(written), sum(excepted),"
	    " sum(duplicates), max(started_at) FROM run GROUP BY tool"
	    " ORDER BY min(id)",
	    columns);
}

static enum status
write_balance(struct report *report)
{
	struct buf text = BUF_INIT;
	bool holds = false;
	enum status status = balance_write(report->state, &text,
	    (struct balance_plan){ .all = false }, &holds, report->diag);

	report_section(report, "balance", "Balance",
	    "The proof that nothing is lost: everything that was read has an "
	    "outcome.");
	buf_add_format(report->to, "<p class=\"standing %s\">%s</p>\n<pre>",
	    holds ? "prevented" : "open",
	    holds ? "It holds." : "It does not hold.");
	for (const char *at = text.data; at != NULL && *at != '\0';) {
		size_t len = strcspn(at, "\n");

		html_text(report->to, (struct str){ at, len });
		buf_add_char(report->to, '\n');
		at += len + (at[len] == '\n');
	}
	buf_add_text(report->to, "</pre>\n");
	buf_free(&text);
	return status;
}

static void
write_methods(struct report *report)
{
	static const char *const texts[][2] = {
		{ "Where the figures come from",
		    "The state of the line (its ledger, folded records, outbox, "
		    "journal of deliveries and exceptions), and what sync-audit "
		    "profile and sync-audit diff printed, each where it was "
		    "given; what was not given is left out. The state is read "
		    "at one moment." },
		{ "Times",
		    "All are UTC. The way from SAP begins with the time of the "
		    "IDoc's control record, else when it was read, and ends "
		    "with Ometria's acceptance, which is not yet its showing "
		    "the record. It is kept for a week after confirmation; "
		    "clocks of SAP and this machine may differ." },
		{ "Revenue",
		    "Orders as Ometria is to count them: valid ones by their "
		    "grand total. That Ometria accepted an order is not that "
		    "its reports count it: sync-audit diff and verify look." },
		{ "What it does not tell",
		    "What SAP never sent, unless its list was laid beside the "
		    "ledger (balance --sap-list); what others write to Ometria; "
		    "mails that Ometria sent." },
	};

	report_section(report, "methods", "Methods and limits", NULL);
	buf_add_text(report->to, "<dl>\n");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		html_element(report->to, "dt", str_of(texts[i][0]));
		html_element(report->to, "dd", str_of(texts[i][1]));
	}
	buf_add_text(report->to, "</dl></main>\n");
}

static enum status
write_state(struct report *report)
{
	enum status status = report_charts(report);

	if (status == STATUS_OK)
		status = write_exceptions(report);
	if (status == STATUS_OK)
		status = write_waiting(report);
	if (status == STATUS_OK)
		status = write_runs(report);
	return status == STATUS_OK ? write_balance(report) : status;
}

enum status
report_write(struct buf *to, struct state *state, struct report_files *files,
    bool mask, struct diag *diag)
{
	struct report report = { .to = to,
		.state = state,
		.files = files,
		.mask = mask,
		.diag = diag };
	enum status status = STATUS_OK;

	if (state != NULL)
		status = report_ways(&report);
	if (status == STATUS_OK)
		status = write_top(&report);
	if (status == STATUS_OK)
		status = report_failures(&report);
	if (status == STATUS_OK && state != NULL)
		status = write_state(&report);
	if (status == STATUS_OK && files->profile != NULL)
		report_profile_tables(&report);
	if (status == STATUS_OK && files->diff)
		report_diff_tables(&report);
	write_methods(&report);
	buf_add_text(to, foot);
	arena_free(&report.arena);
	return status;
}
