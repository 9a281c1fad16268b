package replklab.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A report's page as one HTML file that needs nothing beside it: the pictures are in it, its tables sort by a click on their
 * headings, and run ids lead into MLflow.
 */
final class HtmlPage {
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(TABLES).escapeHtml(true).build();

    /** As MLflow makes them. */
    private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{32}");

    private HtmlPage() {}

    /**
     * @param markdown the page's words
     * @param pictures the PNGs that it shows, by file name
     * @param runPage where a run's id leads to, if anywhere
     */
    static String of(
            String title, String markdown, Map<String, byte[]> pictures, Function<String, Optional<String>> runPage) {
        Node page = PARSER.parse(markdown);
        page.accept(new AbstractVisitor() {
            @Override
            public void visit(Image image) {
                byte[] png = pictures.get(image.getDestination());
                if (png != null) {
                    image.setDestination(
                            "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
                }
            }

            @Override
            public void visit(Text text) {
                if (RUN_ID.matcher(text.getLiteral()).matches()) {
                    runPage.apply(text.getLiteral()).ifPresent(address -> {
                        Link link = new Link(address, null);
                        text.insertBefore(link);
                        link.appendChild(text);
                    });
                }
            }
        });
        return frame().replace("<!-- title -->", escaped(title)).replace("<!-- page -->", RENDERER.render(page));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String frame() {
        try (InputStream file = HtmlPage.class.getResourceAsStream("report.html")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
