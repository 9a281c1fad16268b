package replklab.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.Provenance;
import replklab.table.Markdown;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a comparison found.
 *
 * @param command that made it
 * @param versions of what took part, by name
 * @param cases what was compared
 * @param rows the errors
 * @param provenance of our side
 */
public record ParityReport(
        String command,
        SequencedMap<String, String> versions,
        List<ParityCase> cases,
        List<ParityRow> rows,
        Provenance provenance) {
    public ParityReport {
        cases = List.copyOf(cases);
        rows = List.copyOf(rows);
    }

    /** Whether every error is within the limit. */
    public boolean isWithin() {
        return rows.stream().allMatch(ParityRow::isWithin);
    }

    /** Every error. */
    public Table table() {
        StringColumn name = StringColumn.create("case");
        StringColumn quantity = StringColumn.create("quantity");
        IntColumn arrays = IntColumn.create("arrays");
        StringColumn error = StringColumn.create("largest relative error");
        StringColumn worst = StringColumn.create("in");
        for (ParityRow row : rows) {
            name.append(row.name());
            quantity.append(row.quantity());
            arrays.append(row.arrays());
            error.append(text(row.error()) + (row.isWithin() ? "" : " BEYOND"));
            worst.append(row.worst());
        }
        return Table.create("parity", name, quantity, arrays, error, worst);
    }

    /** A row for each quantity: its worst error over all cases. */
    public Table overview() {
        SequencedMap<String, ParityRow> worst = new LinkedHashMap<>();
        Map<String, Integer> arrays = new LinkedHashMap<>();
        for (ParityRow row : rows) {
            worst.merge(row.quantity(), row, (a, b) -> Double.compare(b.error(), a.error()) > 0 ? b : a);
            arrays.merge(row.quantity(), row.arrays(), Integer::sum);
        }
        StringColumn quantity = StringColumn.create("quantity");
        IntColumn compared = IntColumn.create("arrays");
        StringColumn error = StringColumn.create("largest relative error");
        StringColumn where = StringColumn.create("case");
        worst.forEach((name, row) -> {
            quantity.append(name);
            compared.append(arrays.get(name));
            error.append(text(row.error()) + (row.isWithin() ? "" : " BEYOND"));
            where.append(row.error() == 0 ? "" : row.name());
        });
        return Table.create("parity, by quantity", quantity, compared, error, where);
    }

    private static String text(double error) {
        return error == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error);
    }

    private Table configurations() {
        Table table = Table.create("configurations", StringColumn.create("case"));
        List<String> names = List.copyOf(cases.getFirst().words().keySet());
        names.forEach(name -> table.addColumns(StringColumn.create(name)));
        for (ParityCase each : cases) {
            table.stringColumn("case").append(each.name());
            each.words().forEach((name, value) -> table.stringColumn(name).append(value));
        }
        return table;
    }

    /** The page that is kept. */
    public String markdown() {
        List<String> parts = new ArrayList<>();
        parts.add("# Beside the authors' PyTorch model\n");
        parts.add("`" + command + "`\n");
        parts.add("""
                The same random weights and images through the authors' published RepLKNet, in double precision, and through
                ours, in single. An error is the largest difference within an array over that array's largest value; the limit
                is %s. Gradients that are zero but for rounding are compared with the median of the others. For comparison stands what PyTorch's own
                gradients lose in single precision. The training step
                has label smoothing %s, or a backbone's maps weighted at random; drop path is 0.
                """.formatted(text(ParityRow.LIMIT), ParityCase.LABEL_SMOOTHING));
        versions.forEach((name, version) -> parts.add("- " + name + ": " + version));
        parts.add("");
        parts.add(provenance.markdown());
        parts.add("## By quantity\n");
        parts.add(Markdown.of(overview()));
        parts.add("## Configurations\n");
        parts.add(Markdown.of(configurations()));
        parts.add("## Every comparison\n");
        parts.add(Markdown.of(table()));
        return String.join("\n", parts).stripTrailing() + "\n";
    }

    /** The same for programs. */
    public String json() {
        List<Map<String, Object>> errors = new ArrayList<>();
        for (ParityRow row : rows) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("case", row.name());
            entry.put("quantity", row.quantity());
            entry.put("arrays", row.arrays());
            entry.put("error", row.error()); // "NaN" or "Infinity", in quotes, where that is the answer
            entry.put("worst", row.worst());
            entry.put("ours", row.ours());
            entry.put("within", row.isWithin());
            errors.add(entry);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", command);
        document.put("versions", versions);
        document.put("provenance", provenance.asMap());
        document.put("limit", ParityRow.LIMIT);
        document.put("within", isWithin());
        document.put("comparisons", errors);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
