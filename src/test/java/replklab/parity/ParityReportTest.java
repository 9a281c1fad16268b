package replklab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.Provenance;

class ParityReportTest {
    private static ParityReport report(double worst) {
        List<ParityCase> cases = ParityCase.all().subList(0, 2);
        String first = cases.get(0).name();
        String second = cases.get(1).name();
        return new ParityReport(
                "./lab model parity --authors FOLDER",
                new LinkedHashMap<>(Map.of("PyTorch", "2.0")),
                cases,
                List.of(
                        new ParityRow(first, "logits", 1, 2e-6, "", true),
                        new ParityRow(first, "gradients", 50, 1e-5, "head.weight", true),
                        new ParityRow(second, "logits", 1, 0, "", true),
                        new ParityRow(second, "gradients", 60, worst, "norm.bias", true)),
                Provenance.collect(Path.of("/nowhere"), "cpu", "", List.of(17L), "full", Instant.EPOCH));
    }

    @Test
    void theOverviewHasTheWorstOfEachQuantity() {
        ParityReport report = report(3e-5);
        assertThat(report.isWithin()).isTrue();
        assertThat(report.overview().rowCount()).isEqualTo(2);
        assertThat(report.overview().stringColumn("largest relative error").asList())
                .containsExactly("2.0e-06", "3.0e-05");
        assertThat(report.overview().intColumn("arrays").asList()).containsExactly(2, 110);
        assertThat(report.markdown())
                .startsWith("# Beside the authors' PyTorch model\n\n`./lab model parity --authors FOLDER`\n")
                .contains("- PyTorch: 2.0", "31-29-27-13", "3 x 3 x 96 x 96", "norm.bias");
    }

    @Test
    void whatIsBeyondTheLimitStandsOut() throws Exception {
        for (double worst : new double[] {2e-4, Double.NaN}) {
            ParityReport report = report(worst);
            assertThat(report.isWithin()).isFalse();
            assertThat(report.overview().stringColumn("largest relative error").get(1))
                    .endsWith("BEYOND");
            JsonNode json = new ObjectMapper().readTree(report.json());
            assertThat(json.get("within").asBoolean()).isFalse();
            assertThat(json.get("limit").asDouble()).isEqualTo(1e-4);
            assertThat(json.get("comparisons")).hasSize(4);
            assertThat(json.at("/comparisons/3/within").asBoolean()).isFalse();
        }
    }
}
