package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.LabException;
import replklab.report.Ledger.Entry;
import replklab.report.Ledger.Status;

class LedgerTest {
    private static final LocalDate DAY = LocalDate.of(2026, 12, 1);

    @TempDir
    Path results;

    @Test
    void whatWasEnteredIsReadBackInItsOrder() throws IOException {
        Ledger ledger = new Ledger(results);
        assertThat(ledger.entries()).isEmpty();
        Entry explored = entry("shortcut", 51, 8, Status.EXPLORED, "4 as in the paper; 1 opposite");
        Entry begun = entry("shortcut", 61, 1, Status.BEGUN, "");
        Entry ended = begun.later(DAY.plusDays(1), Status.CONFIRMED, "supported");
        ledger.append(explored);
        ledger.append(begun);
        ledger.append(ended);
        assertThat(new Ledger(results).entries()).containsExactly(explored, begun, ended);
        assertThat(Files.readAllLines(results.resolve("ledger.csv")))
                .containsExactly(
                        "date,experiment,protocol,commit,seeds,n,status,verdict",
                        "2026-12-01,shortcut,0123456789ab,abcdef012345,51 to 58,8,explored,4 as in the paper; 1 opposite",
                        "2026-12-01,shortcut,0123456789ab,abcdef012345,61,1,begun,",
                        "2026-12-02,shortcut,0123456789ab,abcdef012345,61,1,confirmed,supported");
        assertThat(ledger.last("shortcut")).contains(ended);
        assertThat(ledger.confirmation("shortcut")).contains(3);
        assertThat(ledger.confirmation("reparam")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"43, 8, false", "44, 8, true", "58, 1, true", "59, 8, false", "1, 100, true", "52, 2, true"})
    void seedsThatOverlapWereUsed(long first, int n, boolean used) {
        assertThat(entry("shortcut", 51, 8, Status.EXPLORED, "").used(first, n)).isEqualTo(used);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "explored; perhaps; 'perhaps' is no status of an attempt",
                "51 to 58; some; 'some' are no seeds, such as 51 to 58",
                "2026-12-01; yesterday; yesterday",
            })
    void aSpoiltLineIsNamed(String from, String to, String message) throws IOException {
        Ledger ledger = new Ledger(results);
        ledger.append(entry("shortcut", 51, 8, Status.EXPLORED, ""));
        Path file = results.resolve(Ledger.FILE);
        Files.writeString(file, Files.readString(file).replace(from, to));
        assertThatThrownBy(ledger::entries)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("ledger.csv cannot be read: line 2: ")
                .hasMessageContaining(message);
    }

    private static Entry entry(String experiment, long first, int n, Status status, String verdict) {
        return new Entry(DAY, experiment, "0123456789ab", "abcdef012345", first, n, status, verdict);
    }
}
