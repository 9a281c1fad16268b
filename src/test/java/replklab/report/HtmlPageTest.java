package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import replklab.chart.Charts;

class HtmlPageTest {
    private static final String RUN = "0123456789abcdef0123456789abcdef";

    private static String page(String markdown) {
        return new HtmlPage(
                        "a < b", Map.of("effects.png", new byte[] {1, 2, 3}), run -> Optional.of("http://h/#/" + run))
                .markdown(markdown)
                .toString();
    }

    @Test
    void picturesAreInIt() {
        assertThat(page("![Effects](effects.png)"))
                .contains("<img src=\"data:image/png;base64,AQID\" alt=\"Effects\"")
                .doesNotContain("effects.png");
    }

    /** What a chart says may hold anything: it is an attribute of the picture that it is drawn in the place of. */
    @Test
    void aChartWithNumbersCarriesThem() {
        Figure effects = new Figure(
                "effects",
                Charts.effects("a \"<title>\"", Shortcuts.effects(Shortcuts.runs())),
                Optional.of(Charts.effectData(Shortcuts.effects(Shortcuts.runs()))));
        String page = new HtmlPage("t", Map.of("effects.png", new byte[] {1, 2, 3}), _ -> Optional.empty())
                .chart(effects)
                .markdown("![Effects](effects.png)\n\n![Other](other.png)\n")
                .toString();
        assertThat(page)
                .containsOnlyOnce(" data-chart=\"{")
                .contains("a \\&quot;&lt;title&gt;\\&quot;")
                .contains("<img src=\"data:image/png;base64,AQID\" alt=\"Effects\"")
                .doesNotContain("http");
    }

    @Test
    void runsLeadIntoMlflow() {
        String markdown = "| seed | run\\_id |\n|---:|---|\n| 1 | " + RUN + " |\n";
        assertThat(page(markdown)).contains("<td><a href=\"http://h/#/" + RUN + "\">" + RUN + "</a></td>");
        assertThat(new HtmlPage("t", Map.of(), _ -> Optional.empty())
                        .markdown(markdown)
                        .toString())
                .as("nobody knows where")
                .contains("<td>" + RUN + "</td>");
    }

    @Test
    void whatStandsInTextIsNoHtml() {
        assertThat(page("# a <script>alert(1)</script>\n"))
                .contains("<title>a &lt; b</title>")
                .contains("<h1>a &lt;script&gt;alert(1)&lt;/script&gt;</h1>");
    }

    /** No address but those of runs: it can be sent to somebody, and read without a network. */
    @Test
    void needsNothingElse() {
        assertThat(page("# Title\n\n![Effects](effects.png)\n"))
                .doesNotContain("http")
                .doesNotContain("src=\"effects");
    }
}
