package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.UsageException;
import replklab.report.Shortcuts;
import replklab.stats.PaperValue;
import replklab.stats.Standing;
import tech.tablesaw.api.ColumnType;

class PaperTableTest {
    @ParameterizedTest
    @MethodSource("replklab.table.PaperTable#names")
    void everyTableLoadsAndItsKeysNameItsRows(String name) {
        PaperTable table = PaperTable.load(name);
        assertThat(table.table().columnNames()).containsAll(table.keys());
        assertThat(table.values()).isNotEmpty();
        for (int i = 0; i < table.table().rowCount(); i++) {
            for (String column : table.values()) {
                // Throws when the keys name more than one row.
                assertThat(table.find(table.keysOf(i), column)).isNotNull();
            }
        }
    }

    @Test
    void numbersAreThePapers() {
        PaperTable table = PaperTable.load("table02-shortcut");
        assertThat(table.value(Shortcuts.variant("without", "13"), "imagenet_top1"))
                .isEqualTo(new PaperValue(53.98, Standing.STATED));
        assertThat(table.title()).startsWith("Table 2:");
        assertThat(table.source()).isEqualTo("table 2");
        assertThat(table.section()).isEqualTo("section 3 (guideline 2)");
        assertThat(table.table().column("kernel").type()).isEqualTo(ColumnType.INTEGER);
        assertThat(table.notes()).isEmpty();
        assertThat(PaperTable.title("imagenet_top1")).isEqualTo("ImageNet top-1 (%)");
        assertThat(PaperTable.title("some_column")).isEqualTo("some column");
    }

    @Test
    void whatIsNotStatedIsMarked() {
        PaperTable dilated = PaperTable.load("table11-dilated");
        PaperValue recollected = dilated.value(Map.of("kernel", "3", "dilation", "4"), "imagenet_top1");
        assertThat(recollected).isEqualTo(new PaperValue(57.23, Standing.RECOLLECTED));
        assertThat(recollected.text(2)).isEqualTo("57.23†");
        assertThat(dilated.marked().stringColumn("imagenet_top1").asList())
                .containsExactly("72.67", "57.23†", "72.53", "51.21†");
        assertThat(dilated.marked().columnNames()).doesNotContain("standing");
        assertThat(dilated.notes()).containsExactly("† recollected: could not be confirmed from a text at hand");

        PaperTable sizes = PaperTable.load("table05-kernel-sizes");
        assertThat(sizes.value(Map.of("kernels", "25-25-25-13"), "ade20k_miou").text(2))
                .isEqualTo("48.68‡");
    }

    @Test
    void aRowMayHaveOneConfirmedNumber() {
        PaperTable erf = PaperTable.load("table10-erf");
        Map<String, String> row = Map.of("model", "RepLKNet-31");
        assertThat(erf.value(row, "t99").standing()).isEqualTo(Standing.STATED);
        assertThat(erf.value(row, "t50").standing()).isEqualTo(Standing.RECOLLECTED);
    }

    @Test
    void whatThePaperDoesNotHaveIsToldApart() {
        PaperTable sizes = PaperTable.load("table05-kernel-sizes");
        assertThat(sizes.find(Map.of("kernels", "25-25-25-13"), "params_m")).isEmpty();
        assertThat(sizes.find(Map.of("kernels", "9-9-9-9"), "params_m")).isEmpty();
        assertThatThrownBy(() -> sizes.value(Map.of("kernels", "9-9-9-9"), "params_m"))
                .isInstanceOf(UsageException.class)
                .hasMessage("table 5 of the paper has no params_m for kernels 9-9-9-9");
        assertThatThrownBy(() -> sizes.value(Map.of("kernel", "3-3-3-3"), "params_m"))
                .hasMessageStartingWith("unknown key of table05-kernel-sizes 'kernel'; did you mean kernels?");
        assertThatThrownBy(() -> sizes.value(Map.of("kernels", "3-3-3-3"), "param_m"))
                .hasMessageStartingWith("unknown column of table05-kernel-sizes 'param_m'; did you mean params_m");
        assertThatThrownBy(() -> Shortcuts.TABLE.value(Map.of("kernel", "3"), "imagenet_top1"))
                .hasMessageContaining("has 2 rows for kernel 3: name every one of its keys [shortcut, kernel]");
    }

    @Test
    void anUnknownTableNamesTheNearOnes() {
        assertThatThrownBy(() -> PaperTable.load("table2-shortcut"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("unknown table of the paper 'table2-shortcut'; did you mean table02-shortcut");
    }
}
