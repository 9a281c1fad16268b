package replklab.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import replklab.stats.Numbers;
import replklab.table.Markdown;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The part of the HTML page that shows what the variants confuse, image by image. */
final class GalleryPart {
    private static final int MOST_CLASSES = 20;
    private static final int MOST_VARIANTS = 12;
    private static final int MOST_PAIRS = 10;
    private static final int IMAGES = 24;

    private final Gallery gallery;
    private final List<VariantAnswers> variants;
    private final List<ConfusionMatrix> matrices;

    private GalleryPart(Gallery gallery) {
        this.gallery = gallery;
        List<VariantAnswers> all = VariantAnswers.of(gallery.answers());
        this.variants = all.subList(0, Math.min(MOST_VARIANTS, all.size()));
        this.matrices = variants.stream()
                .map(variant -> ConfusionMatrix.of(gallery.classes(), variant.runs()))
                .toList();
    }

    /** Adds it to a page; nothing where nothing was kept and there is nothing to say. */
    static void add(Gallery gallery, HtmlPage page) {
        new GalleryPart(gallery).add(page);
    }

    private void add(HtmlPage page) {
        if (!variants.isEmpty() || !gallery.notes().isEmpty()) {
            page.markdown("## Predictions and confusions\n\n");
            gallery.notes().forEach(note -> page.html(paragraph(note)));
        }
        if (!variants.isEmpty()) {
            page.html(matrices()).markdown(pairs());
            images(page);
        }
        if (gallery.scores().isPresent() || !gallery.sheets().isEmpty()) {
            page.markdown("## Classes of pixels\n\n");
            gallery.scores()
                    .ifPresent(scores -> page.markdown(
                            "IoU in percent on the images evaluated on, after the last epoch: mean over seeds ± half of"
                                    + " the 95 % interval.\n\n" + Markdown.of(scores) + "\n"));
            page.html("<div class=\"sheets\">\n");
            gallery.sheets().forEach(sheet -> page.html(figure(sheet)));
            page.html("</div>\n");
        }
        gallery.fields()
                .ifPresent(fields -> page.markdown("## Receptive fields\n\n").html(figure(fields)));
    }

    private static String paragraph(String text) {
        return "<p>" + HtmlPage.escaped(text) + "</p>\n";
    }

    private String matrices() {
        if (gallery.classes().size() > MOST_CLASSES) {
            return paragraph("%d classes are too many for matrices."
                    .formatted(gallery.classes().size()));
        }
        StringBuilder html = new StringBuilder(paragraph(
                "A row has the images of a class, over all seeds, and says how many percent of them were given"
                        + " each class; blank is less than half a percent. What is right is blue, what is confused orange;"
                        + " a number's tip has the counts."));
        html.append("<div class=\"matrices\">\n");
        for (int v = 0; v < variants.size(); v++) {
            html.append(matrix(variants.get(v), matrices.get(v)));
        }
        return html.append("</div>\n").toString();
    }

    private String matrix(VariantAnswers variant, ConfusionMatrix matrix) {
        List<String> classes = gallery.classes().stream().map(HtmlPage::escaped).toList();
        StringBuilder html =
                new StringBuilder("<table class=\"matrix\"><caption>%s (%s)</caption>\n<thead><tr><td></td>"
                        .formatted(HtmlPage.escaped(variant.label()), variant.seeds()));
        classes.forEach(
                name -> html.append("<th scope=\"col\"><span>").append(name).append("</span></th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (int truth = 0; truth < classes.size(); truth++) {
            html.append("<tr><th scope=\"row\">").append(classes.get(truth)).append("</th>");
            for (int said = 0; said < classes.size(); said++) {
                html.append(cell(classes, matrix, truth, said));
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table>\n").toString();
    }

    private static String cell(List<String> classes, ConfusionMatrix matrix, int truth, int said) {
        long count = matrix.count(truth, said);
        if (count == 0) {
            return "<td></td>";
        }
        double percent = matrix.percent(truth, said);
        return String.format(
                Locale.ROOT,
                "<td class=\"%s\" style=\"--share:%s\" title=\"%s %s: %,d of %,d\">%s</td>",
                truth == said ? "right" : "wrong",
                Numbers.upTo(percent / 100, 3),
                classes.get(truth),
                truth == said ? "recognised" : "taken for " + classes.get(said),
                count,
                matrix.of(truth),
                percent < 0.5 ? "" : Numbers.fixed(percent, 0));
    }

    /** Two classes that are confused. */
    private record Pair(int truth, int said, double percent) {}

    /** The pairs that are confused most, beside each other for the variants. */
    private String pairs() {
        List<Pair> pairs = new ArrayList<>();
        int classes = gallery.classes().size();
        for (int truth = 0; truth < classes; truth++) {
            for (int said = 0; said < classes; said++) {
                int row = truth;
                int column = said;
                double percent = matrices.stream()
                        .mapToDouble(matrix -> matrix.percent(row, column))
                        .average()
                        .orElse(0);
                if (truth != said && percent > 0) {
                    pairs.add(new Pair(truth, said, percent));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(pair -> -pair.percent()));
        List<Pair> most = pairs.subList(0, Math.min(MOST_PAIRS, pairs.size()));
        if (most.isEmpty()) {
            return "";
        }
        Map<String, Integer> decimals = new HashMap<>();
        Table table = Table.create(
                StringColumn.create(
                        "class", most.stream().map(pair -> gallery.classes().get(pair.truth()))),
                StringColumn.create(
                        "taken for", most.stream().map(pair -> gallery.classes().get(pair.said()))));
        for (int v = 0; v < variants.size(); v++) {
            ConfusionMatrix matrix = matrices.get(v);
            String column = variants.get(v).label();
            decimals.put(column, 1);
            table.addColumns(DoubleColumn.create(
                    column,
                    most.stream()
                            .mapToDouble(pair -> matrix.percent(pair.truth(), pair.said()))
                            .toArray()));
        }
        return "### What is confused most\n\nPercent of a class's images that were given the other class: the "
                + most.size() + " pairs with the highest mean over the variants.\n\n" + Markdown.of(table, decimals)
                + "\n";
    }

    private void images(HtmlPage page) {
        List<TellingImages.Group> groups =
                TellingImages.choose(
                                variants.stream().map(VariantAnswers::shares).toList(), IMAGES)
                        .stream()
                        .filter(group -> !group.images().isEmpty())
                        .toList();
        if (groups.isEmpty()) {
            return;
        }
        StringBuilder html =
                new StringBuilder("<div class=\"scroll\"><table class=\"gallery\">\n<thead><tr><th>image</th>");
        html.append("<th>class</th>");
        variants.forEach(variant ->
                html.append("<th>").append(HtmlPage.escaped(variant.label())).append("</th>"));
        html.append("</tr></thead>\n");
        for (TellingImages.Group group : groups) {
            html.append("<tbody><tr><th colspan=\"%d\" scope=\"rowgroup\">%s: %s</th></tr>\n"
                    .formatted(
                            variants.size() + 2,
                            HtmlPage.escaped(variants.get(group.variant()).label()),
                            (group.right() ? "right" : "wrong") + " more often than the other"
                                    + (variants.size() == 2 ? "" : "s")));
            group.images().forEach(image -> html.append(row(image)));
            html.append("</tbody>\n");
        }
        page.markdown("### Where the variants differ\n\n")
                .html(paragraph("Of " + variants.getFirst().images() + " images those whose share of right seeds lies"
                        + " furthest above, or below, the mean of the other variants: chosen by that rule, equally many for"
                        + " each variant and way, the first ones of equals. ✓ is the right answer of most of a variant's"
                        + " seeds, ✗ a wrong one; how many seeds are right follows."))
                .html(html.append("</table></div>\n").toString());
    }

    private String row(int image) {
        String truth = variants.getFirst().runs().getFirst().truth().get(image);
        StringBuilder html = new StringBuilder("<tr><td>");
        gallery.image()
                .apply(image)
                .ifPresent(png -> html.append("<img src=\"%s\" alt=\"Test image %d, %s\"> "
                        .formatted(HtmlPage.source(png), image, HtmlPage.escaped(truth))));
        html.append("%d</td><td>%s</td>".formatted(image, HtmlPage.escaped(truth)));
        for (VariantAnswers variant : variants) {
            String said = variant.said(image);
            html.append("<td>%s <small>%d of %d</small></td>"
                    .formatted(
                            said.equals(truth) ? "✓" : "✗ " + HtmlPage.escaped(said),
                            variant.right(image),
                            variant.runs().size()));
        }
        return html.append("</tr>\n").toString();
    }

    private static String figure(Gallery.Sheet sheet) {
        return "<figure><figcaption>%s</figcaption><img src=\"%s\" alt=\"%s\"></figure>\n"
                .formatted(
                        HtmlPage.escaped(sheet.label()),
                        HtmlPage.source(sheet.png()),
                        HtmlPage.escaped(sheet.description()));
    }
}
