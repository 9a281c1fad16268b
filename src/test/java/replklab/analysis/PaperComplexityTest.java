package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import replklab.analysis.PaperComplexity.Agreement;
import replklab.analysis.PaperComplexity.Line;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Initialisation;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Counts beside every parameter and FLOPs column of the paper's tables. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaperComplexityTest {
    private final List<PaperComplexity> tables = new ArrayList<>();

    @BeforeAll
    void count() {
        PaperComplexity.TABLES.forEach(table -> tables.add(PaperComplexity.of(table)));
    }

    private Stream<Line> lines(Agreement agreement) {
        return tables.stream().flatMap(table -> table.lines().stream()).filter(line -> line.agreement() == agreement);
    }

    private List<String> texts(Agreement agreement) {
        return lines(agreement)
                .map(line -> "%s %s: %s, %s"
                        .formatted(
                                String.join(" ", line.row().values()),
                                line.column(),
                                line.theirs().map(Object::toString).orElse("-"),
                                line.ours()))
                .toList();
    }

    @Test
    void theseAgreeToThePapersLastDigit() {
        assertThat(texts(Agreement.AGREES))
                .containsExactlyInAnyOrder(
                        "3 params_m: 2.64, 2.64",
                        "7 params_m: 2.67, 2.67",
                        "9 params_m: 2.69, 2.69",
                        "13 params_m: 2.75, 2.75",
                        "3-3-3-3 params_m: 71.8, 71.8",
                        "3-3-3-3 flops_g: 12.9, 12.9",
                        "3-3-3-3 upernet_params_m: 104.1, 104.1",
                        "3-3-3-3 upernet_flops_g: 1119, 1119",
                        "7-7-7-7 params_m: 72.2, 72.2",
                        "7-7-7-7 flops_g: 13.1, 13.1",
                        "7-7-7-7 upernet_params_m: 104.6, 104.6",
                        "13-13-13-13 params_m: 73.7, 73.7",
                        "13-13-13-13 flops_g: 13.4, 13.4",
                        "13-13-13-13 upernet_params_m: 106.0, 106.0",
                        "RepLKNet-31B 1K 224 params_m: 79, 79",
                        "RepLKNet-31B 1K 384 params_m: 79, 79",
                        "RepLKNet-31B 1K 384 flops_g: 45.1, 45.1",
                        "RepLKNet-31L 22K 384 params_m: 172, 172",
                        "RepLKNet-31L 22K 384 flops_g: 96.0, 96.0",
                        "RepLKNet-XL extra data 320 params_m: 335, 335",
                        "RepLKNet-XL extra data 320 flops_g: 128.7, 128.7",
                        "Swin-B 1K 224 params_m: 88, 88",
                        "Swin-B 1K 224 flops_g: 15.4, 15.4",
                        "Swin-B 1K 384 params_m: 88, 88",
                        "Swin-L 22K 384 params_m: 197, 197",
                        "Swin-L 22K 384 flops_g: 103.9, 103.9",
                        "Swin-B UperNet params_m: 121, 121",
                        "Swin-L (22K) UperNet params_m: 234, 234",
                        "Swin-B UperNet params_m: 121, 121",
                        "Swin-B (22K) UperNet params_m: 121, 121",
                        "Swin-L (22K) UperNet params_m: 234, 234",
                        "ResNet-101 UperNet params_m: 86, 86",
                        "ResNet-101 UperNet flops_g: 1029, 1029",
                        "RepLKNet-31B FCOS params_m: 87, 87",
                        "X101-64x4d FCOS params_m: 90, 90",
                        "RepLKNet-31B Cascade Mask R-CNN params_m: 137, 137",
                        "X101-64x4d Cascade Mask R-CNN params_m: 140, 140",
                        "Swin-B Cascade Mask R-CNN params_m: 145, 145",
                        "RepLKNet-31B (22K) Cascade Mask R-CNN params_m: 137, 137",
                        "RepLKNet-31L (22K) Cascade Mask R-CNN params_m: 229, 229",
                        "RepLKNet-XL (extra) Cascade Mask R-CNN params_m: 392, 392",
                        "RepLKNet-31B UperNet params_m: 112, 112",
                        "RepLKNet-31B (22K) UperNet params_m: 112, 112",
                        "RepLKNet-31L (22K) UperNet params_m: 207, 207",
                        "RepLKNet-XL (extra) UperNet params_m: 374, 374");
    }

    @Test
    void theseAgreeWithTheAdditionsOfBiasesAndNorms() {
        assertThat(texts(Agreement.WITH_ADDITIONS))
                .containsExactlyInAnyOrder(
                        "7-7-7-7 upernet_flops_g: 1123, 1121",
                        "13-13-13-13 upernet_flops_g: 1130, 1129",
                        "RepLKNet-31B UperNet flops_g: 1170, 1169",
                        "RepLKNet-31B (22K) UperNet flops_g: 1829, 1827",
                        "RepLKNet-31L (22K) UperNet flops_g: 2404, 2402",
                        "RepLKNet-31B Cascade Mask R-CNN flops_g: 965, 964",
                        "RepLKNet-31B (22K) Cascade Mask R-CNN flops_g: 965, 964",
                        "RepLKNet-31L (22K) Cascade Mask R-CNN flops_g: 1321, 1319",
                        "Swin-B UperNet flops_g: 1188, 1187",
                        "Swin-B (22K) UperNet flops_g: 1841, 1839");
        assertThat(lines(Agreement.WITH_ADDITIONS).map(Line::note))
                .contains("1169 MACs; 1170 with the additions of biases and norms");
    }

    @Test
    void whatDiffersIsExplained() {
        assertThat(texts(Agreement.DIFFERS))
                .containsExactlyInAnyOrder(
                        "3 flops_m: 214.5, 209.1",
                        "7 flops_m: 215.9, 210.5",
                        "9 flops_m: 217.1, 211.6",
                        "13 flops_m: 220.2, 214.7",
                        "RepLKNet-31B 1K 224 flops_g: 15.3, 15.4",
                        "RepLKNet-31B FCOS flops_g: 437, 433",
                        "X101-64x4d FCOS flops_g: 439, 437",
                        "X101-64x4d Cascade Mask R-CNN flops_g: 972, 970",
                        "Swin-B Cascade Mask R-CNN flops_g: 982, 981",
                        "Swin-L (22K) Cascade Mask R-CNN params_m: 254, 253",
                        "Swin-L (22K) Cascade Mask R-CNN flops_g: 1382, 1392",
                        "RepLKNet-XL (extra) Cascade Mask R-CNN flops_g: 1958, 1941",
                        "Swin-B 1K 384 flops_g: 47.0, 47.1",
                        "Swin-B UperNet flops_g: 2613, 2360",
                        "Swin-L (22K) UperNet flops_g: 3771, 3201",
                        "Swin-L (22K) UperNet flops_g: 2468, 2482",
                        "RepLKNet-31B UperNet params_m: 110, 112",
                        "RepLKNet-31B UperNet flops_g: 2315, 2330",
                        "RepLKNet-XL (extra) UperNet flops_g: 3431, 3405");
        assertThat(lines(Agreement.DIFFERS)).noneMatch(line -> line.note().isEmpty());
    }

    /**
     * The hypothesis of table 4's note: 32 channels in the first convolution whatever the width, and one operation for each
     * addition of a shortcut and for each value that is pooled.
     */
    @Test
    void tableFoursMacsAreAWiderStemsWithShortcutsAndPooling() {
        List<BigDecimal> macs = new ArrayList<>();
        List<BigDecimal> parameters = new ArrayList<>();
        for (int kernel : new int[] {3, 7, 9, 13}) {
            NetworkCosts counted = costs("mobilenetv2-0.75:kernels=3-3-3-3-3-3-" + kernel, KernelForm.TRAINING);
            int pixels = 112 * 112;
            int wider = 32 - 24;
            // 3x3 from three colours, depthwise 3x3, pointwise to 16.
            long stem = wider * (3 * 9 + 9 + 16L);
            long shortcuts = 56 * 56 * 24 + 2 * 28 * 28 * 24 + 3 * 14 * 14 * 48 + 2 * 14 * 14 * 72 + 2 * 7 * 7 * 120;
            long pooled = 7 * 7 * 1280;
            macs.add(millions(counted.macs() + stem * pixels + shortcuts + pooled, 1));
            parameters.add(millions(counted.parameters() + stem + wider * 4, 2)); // two norms of the wider maps
        }
        List<Line> paper = tables.getFirst().lines();
        assertThat(macs).isEqualTo(theirs(paper, "flops_m"));
        assertThat(parameters).isEqualTo(theirs(paper, "params_m"));
    }

    /** What the same additions, of shortcuts and pooling, make of RepLKNet's rows: nothing agrees that did not. */
    @Test
    void shortcutsAndPoolingExplainNoOtherRow() {
        NetworkCosts counted = costs("replknet-31b", KernelForm.MERGED);
        long shortcuts = 2 * (2 * 56 * 56 * 128 + 2 * 28 * 28 * 256 + 18 * 14 * 14 * 512 + 2 * 7 * 7 * 1024L);
        long pooled = 7 * 7 * 1024;
        assertThat(millions(counted.macs() + shortcuts + pooled, 0)).isEqualTo("15360"); // the paper has 15.3 G
    }

    private static NetworkCosts costs(String name, KernelForm form) {
        return NetworkCosts.of(Architecture.parse(name).network(form, Initialisation.undefined()), 1, 224, 224, 3);
    }

    private static BigDecimal millions(long count, int decimals) {
        return BigDecimal.valueOf(count).movePointLeft(6).setScale(decimals, RoundingMode.HALF_UP);
    }

    private static List<BigDecimal> theirs(List<Line> lines, String column) {
        return lines.stream()
                .filter(line -> line.column().equals(column))
                .map(line -> line.theirs().orElseThrow())
                .toList();
    }

    @Test
    void everyNoteIsOnACellThatNeedsOne() {
        List<String> used = lines(Agreement.DIFFERS).map(Line::note).toList();
        for (Row note : ComplexityNotes.read()) {
            assertThat(used).contains(note.getString("note"));
        }
    }

    @Test
    void whatThePaperLeavesEmptyIsCountedAllTheSame() {
        assertThat(texts(Agreement.NOT_STATED))
                .contains("31-29-27-13 flops_g: -, 15.4", "31-29-27-13 upernet_params_m: -, 111.7");
    }

    @Test
    void notesAreShownWithTheirRow() {
        Table table = tables.get(4).table();
        assertThat(table.columnNames())
                .containsExactly(
                        "backbone",
                        "method",
                        "mIoU, single scale (%)",
                        "mIoU, multi scale (%)",
                        "parameters (M)",
                        "parameters (M), counted",
                        "MACs (G)",
                        "MACs (G), counted",
                        "input",
                        "note");
        assertThat(table.rowCount()).isEqualTo(8);
        assertThat(table.row(0).getString("note")).isEqualTo("1169 MACs; 1170 with the additions of biases and norms");
        assertThat(table.row(1).getString("MACs (G), counted")).isEqualTo("1187");
        assertThat(table.row(7).getString("note")).contains("not explained");
    }

    @Test
    void countingFoldedParametersIsFolding() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(7, 5), List.of(1, 2), List.of(8, 12), 3, 1.5, 4, 0.1, 3, 4);
        RepLKNet network = new RepLKNet(config, KernelForm.TRAINING, Initialisation.uniform(new SplittableRandom(1)));
        NetworkCosts folded = NetworkCosts.of(network.folded(), 1, 64, 48, 3);
        PaperCount counted = PaperCount.folded(NetworkCosts.of(network.merged(), 1, 64, 48, 3));
        assertThat(counted.parameters()).isEqualTo(folded.parameters());
        assertThat(counted.macs()).isEqualTo(folded.macs());
    }

    @Test
    void refusesOtherTables() {
        assertThatThrownBy(() -> PaperComplexity.of("table02-shortcut"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("table04-7x7-maps");
    }
}
