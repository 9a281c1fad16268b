package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AreaTableTest {
    @Test
    void table10HasThePapersRowsAndOurs() {
        var table = AreaTable.besideThePaper(
                List.of(new AreaTable.Row("small", "random", "1 image, 64x64", List.of(0.01, 0.02, 0.123, 1.0))));
        assertThat(table.columnNames())
                .containsExactly("model", "weights", "input", "t = 20 %", "t = 30 %", "t = 50 %", "t = 99 %");
        assertThat(table.rowCount()).isEqualTo(5);
        assertThat(table.row(3).getString("t = 99 %")).isEqualTo("98.6");
        assertThat(table.row(3).getString("t = 50 %")).isEqualTo("43.2†");
        assertThat(table.row(4).getString("t = 50 %")).isEqualTo("12.3");
        assertThat(table.row(4).getString("weights")).isEqualTo("random");
        assertThat(AreaTable.notes()).singleElement().asString().startsWith("† recollected");
        assertThatThrownBy(() -> new AreaTable.Row("small", "", "", List.of(0.1)))
                .hasMessageContaining("'small' has 1 ratios");
    }
}
