package replklab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
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
import replklab.chart.ChartData;

/**
 * A report's page as one HTML file that needs nothing beside it: the pictures are in it, its tables sort by a click on their
 * headings, charts whose numbers it has answer to a pointer, and run ids lead into MLflow.
 */
final class HtmlPage {
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As MLflow makes them. */
    private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{32}");

    private final String title;
    private final Map<String, byte[]> pictures;
    private final Function<String, Optional<String>> runPage;
    private final Map<String, String> charts = new HashMap<>();
    private final StringBuilder body = new StringBuilder();

    /**
     * An empty page.
     *
     * @param pictures the PNGs that its Markdown shows, by file name
     * @param runPage where a run's id leads to, if anywhere
     */
    HtmlPage(String title, Map<String, byte[]> pictures, Function<String, Optional<String>> runPage) {
        this.title = title;
        this.pictures = pictures;
        this.runPage = runPage;
    }

    /** Has the figure, which Markdown shows further down, drawn from its numbers if it has some. */
    HtmlPage chart(Figure figure) {
        figure.data().ifPresent(data -> charts.put(figure.file() + ".png", json(figure, data)));
        return this;
    }

    /** Adds Markdown, in which HTML is text. */
    HtmlPage markdown(String markdown) {
        Node part = PARSER.parse(markdown);
        part.accept(new AbstractVisitor() {
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
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(TABLES)
                .escapeHtml(true)
                .attributeProviderFactory(_ -> (node, _, attributes) -> {
                    if (node instanceof Image image) {
                        show(image.getDestination(), attributes);
                    }
                })
                .build();
        body.append(renderer.render(part));
        return this;
    }

    private void show(String file, Map<String, String> attributes) {
        byte[] png = pictures.get(file);
        if (png != null) {
            attributes.put("src", source(png));
        }
        if (charts.containsKey(file)) {
            attributes.put("data-chart", charts.get(file));
        }
    }

    /** Adds HTML as it is. */
    HtmlPage html(String html) {
        body.append(html);
        return this;
    }

    /** The whole file. */
    @Override
    public String toString() {
        return resource("report.html")
                .replace("<!-- title -->", escaped(title))
                .replace("<!-- charts -->", resource("charts.js"))
                .replace("<!-- page -->", body);
    }

    /** A PNG as an address. */
    static String source(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    /** A text that stands for itself, in an attribute too. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String json(Figure figure, ChartData data) {
        try {
            return JSON.writeValueAsString(Map.of(
                    "title", figure.picture().title(),
                    "note", figure.picture().subtitle(),
                    "kind", data.kind(),
                    "data", data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts and numbers is always JSON", e);
        }
    }

    private static String resource(String name) {
        try (InputStream file = HtmlPage.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
