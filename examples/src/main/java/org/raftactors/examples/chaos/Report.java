package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** A run as one page of HTML that needs nothing else. */
final class Report {

  private static final String STYLE =
      """
      body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; max-width: 1250px; color: #222 }
      table { border-collapse: collapse } td, th { padding: 2px 10px; text-align: left; border-bottom: 1px solid #ddd }
      pre { background: #f6f6f6; padding: 1em; overflow-x: auto } svg text { font-size: 11px; fill: #444 }
      .passed { color: #187a2f } .violated { color: #b00020 } .inconclusive { color: #a66a00 }
      """;

  private final Recording run;
  private final Findings findings;
  private final ObjectNode line;

  Report(Recording run, Findings findings, ObjectNode line) {
    this.run = run;
    this.findings = findings;
    this.line = line;
  }

  String html() {
    String verdict = findings.verdict().name().toLowerCase(Locale.ROOT);
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>Chaos, seed ").append(run.options().seed());
    page.append("</title><style>\n").append(STYLE).append("</style></head><body>\n");
    page.append("<h1>Chaos: <span class=\"%s\">%s</span></h1>\n".formatted(verdict, verdict));
    list(page, "Violations", findings.violations());
    list(page, "Why it is inconclusive", findings.doubts());
    figures(page);
    page.append("<h2>Timeline</h2>\n").append(new Timeline(run).svg());
    strikes(page);
    list(page, "Nodes that ended by themselves and were started again", run.ended());
    return page.append("</body></html>\n").toString();
  }

  private static void list(StringBuilder page, String title, List<String> texts) {
    if (!texts.isEmpty()) {
      page.append("<h2>").append(title).append("</h2>\n");
      texts.forEach(text -> page.append("<pre>").append(escape(text)).append("</pre>\n"));
    }
  }

  private void figures(StringBuilder page) {
    page.append("<h2>Figures</h2>\n<table>");
    line.properties()
        .forEach(
            field ->
                page.append(
                    "<tr><th>%s</th><td>%s</td></tr>\n"
                        .formatted(field.getKey(), escape(field.getValue().asText()))));
    page.append("</table>\n");
  }

  private void strikes(StringBuilder page) {
    page.append("<h2>Faults</h2>\n<table><tr><th>from s</th><th>to s</th><th>fault</th>");
    page.append("<th>took effect</th><th>what came of it</th></tr>\n");
    for (Strike strike : run.strikes()) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%.1f</td><td>%.1f</td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
              strike.began() / 1e9,
              strike.ended() / 1e9,
              escape(strike.fault().text()),
              strike.effect().took() ? "yes" : "no",
              escape(strike.effect().text())));
    }
    page.append("</table>\n");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
