package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.GitState;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.data.Split;
import replklab.report.Ledger;
import replklab.report.Ledger.Entry;
import replklab.report.Ledger.Status;

class ConfirmationTest {
    private static final GitState CLEAN = new GitState("0123456789abcdef0123456789abcdef01234567", false);
    private static final int TOGETHER = 9;
    private static final LocalDate DAY = LocalDate.of(2026, 12, 1);

    @TempDir
    Path results;

    private final Experiment shortcut = experiment("interest: -4, spread: 3.0", 21);

    @Test
    void itEntersItselfBeforeItsFirstRunAndAtItsEnd() {
        Confirmation begun = Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY);
        Ledger ledger = new Ledger(results);
        assertThat(ledger.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.status()).isEqualTo(Status.BEGUN);
            assertThat(entry.experiment()).isEqualTo("shortcut");
            assertThat(entry.commit()).isEqualTo("0123456789ab");
            assertThat(entry.firstSeed()).isEqualTo(shortcut.spec().firstSeed());
            assertThat(entry.n()).isEqualTo(shortcut.spec().seeds());
        });
        begun.end("supported", DAY.plusDays(1));
        assertThat(ledger.entries()).extracting(Entry::status).containsExactly(Status.BEGUN, Status.CONFIRMED);
        assertThat(ledger.confirmation("shortcut")).contains(2);
    }

    /** A stopped one goes on, as often as it takes; it is one attempt. */
    @Test
    void aStoppedOneGoesOn() {
        Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY);
        Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY.plusDays(1)).end("not resolved", DAY.plusDays(1));
        assertThat(new Ledger(results).entries())
                .extracting(Entry::status)
                .containsExactly(Status.BEGUN, Status.CONFIRMED);
    }

    @Test
    void seedsConfirmOnce() {
        Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY).end("not resolved", DAY);
        long first = shortcut.spec().firstSeed();
        int n = shortcut.spec().seeds();
        assertThatThrownBy(() -> Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "seeds %d to %d of shortcut were looked at on 2026-12-01 (begun); a confirmation needs seeds that nobody has seen: set profiles.full.firstSeed to %d or more, and commit it"
                                .formatted(first, first + n - 1, first + n));
        assertThat(new Ledger(results).entries()).hasSize(2);
    }

    /** Other seeds or other settings after a stop are another attempt, and the ledger shows that the first one was given up. */
    @Test
    void aChangedProtocolGivesTheOpenOneUp() {
        Confirmation.begin(results, shortcut, TOGETHER, CLEAN, DAY);
        Experiment other = elsewhere(shortcut, 900);
        Confirmation.begin(results, other, TOGETHER, CLEAN, DAY.plusDays(2));
        assertThat(new Ledger(results).entries())
                .extracting(Entry::status)
                .containsExactly(Status.BEGUN, Status.GIVEN_UP, Status.BEGUN);
    }

    @Test
    void whatStandsInTheWayIsSaid() {
        assertThatThrownBy(
                        () -> Confirmation.begin(results, shortcut, TOGETHER, new GitState(CLEAN.commit(), true), DAY))
                .hasMessage(
                        "a confirmation needs its protocol committed: there are changes that are not (git status shows them)");
        assertThatThrownBy(() ->
                        Confirmation.begin(results, shortcut, TOGETHER, new GitState(Provenance.UNKNOWN, false), DAY))
                .hasMessageEndingWith("this is no git checkout");
        Experiment quick = Experiments.parse("shortcut", text("interest: -4, spread: 3.0", 21), Profile.QUICK);
        assertThatThrownBy(() -> Confirmation.begin(results, quick, TOGETHER, CLEAN, DAY))
                .hasMessageStartingWith("a confirmation is of the profile full as the file has it");
        assertThatThrownBy(() -> Confirmation.begin(results, shortcut.withSeeds(3, 700), TOGETHER, CLEAN, DAY))
                .hasMessageStartingWith("a confirmation is of the profile full as the file has it");
        Experiment none = Experiments.parse("plain", Yaml.TEXT, Profile.FULL);
        assertThatThrownBy(() -> Confirmation.begin(results, none, TOGETHER, CLEAN, DAY))
                .hasMessage("plain has no primary hypothesis: there is nothing to confirm");
        assertThat(new Ledger(results).entries()).isEmpty();
    }

    /** Of 9 claims, by 3 points from the margin with seeds that differ by 3: 21 by {@code PowerTest}'s function in SciPy. */
    @Test
    void thereAreSeedsEnoughForTheSmallestEffectThatMatters() {
        assertThatThrownBy(() ->
                        Confirmation.begin(results, experiment("interest: -4, spread: 3.0", 20), TOGETHER, CLEAN, DAY))
                .hasMessage(
                        "profiles.full.seeds is 20; to resolve an effect of -4.0 with a chance of 90 %, one of 9 claims, takes 21");
        assertThatThrownBy(() -> Confirmation.begin(results, experiment("interest: -4", 21), TOGETHER, CLEAN, DAY))
                .hasMessageContaining("has no spread: run a pilot (--pilot)");
        assertThatThrownBy(() -> Confirmation.begin(results, experiment("spread: 3", 21), TOGETHER, CLEAN, DAY))
                .hasMessageContaining("has no interest: say the smallest effect that matters");
        assertThatThrownBy(() -> experiment("interest: 0, spread: 3", 21))
                .hasMessageContaining("it must lie on the claim's side of the margin");
        assertThatThrownBy(() -> experiment("interest: -4, spread: 0", 21)).hasMessageContaining("it must be above 0");
        assertThat(new Ledger(results).entries()).isEmpty();
    }

    /** Who may look at the test images: a confirmation, and whoever repeats one. */
    @Test
    void testImagesAreLookedAtByConfirmationsAlone() {
        Experiment confirmed = heldOut("test");
        assertThatThrownBy(() -> Confirmation.requireEntered(results, confirmed))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "shortcut would be evaluated on the test images, and results/ledger.csv has no confirmation of these settings on these seeds; --confirm makes one, --pilot and --set data.evaluateOn=validation look at images that are held out");
        Confirmation begun = Confirmation.begin(results, confirmed, TOGETHER, CLEAN, DAY);
        assertThatCode(() -> Confirmation.requireEntered(results, confirmed)).doesNotThrowAnyException();
        begun.end("supported", DAY);
        assertThatCode(() -> Confirmation.requireEntered(results, confirmed)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Confirmation.requireEntered(results, confirmed.withSeeds(3, 51)))
                .hasMessageContaining("no confirmation of these settings on these seeds");
        assertThatCode(() -> Confirmation.requireEntered(results, heldOut("validation")))
                .doesNotThrowAnyException();
        assertThatCode(() -> Confirmation.requireEntered(results, shortcut)).doesNotThrowAnyException();
    }

    @Test
    void aPilotIsEvaluatedOnWhatIsHeldOut() {
        Experiment pilot = heldOut("test").pilot(null, null);
        assertThat(pilot.spec().data().evaluateOn()).isEqualTo(Split.VALIDATION);
        assertThat(Experiments.parse("shortcut", pilot.yaml(), Profile.FULL).spec())
                .isEqualTo(pilot.spec());
        assertThat(shortcut.pilot(null, null).spec().data().evaluateOn()).isEqualTo(Split.TEST);
    }

    private static Experiment heldOut(String evaluatedOn) {
        String data = "{name: fashion-mnist, validationExamples: 1000, evaluateOn: " + evaluatedOn + "}";
        String text = text("interest: -4, spread: 3.0", 21).replace("{name: fashion-mnist}", data);
        assertThat(text).contains(data);
        return Experiments.parse("shortcut", text, Profile.FULL);
    }

    private static Experiment experiment(String design, int seeds) {
        return Experiments.parse("shortcut", text(design, seeds), Profile.FULL);
    }

    private static String text(String design, int seeds) {
        String primary = """
                    role: primary
                    claim: Shortcuts are vital
                    test: less
                    margin: -1
                    reason: Less is not seen
                """;
        String said = design.replaceAll("(\\w+: )", "    $1").replace(", ", "\n");
        return Yaml.TEXT
                .replace("    of: {shortcut: without", (primary + said).indent(0) + "\n    of: {shortcut: without")
                .replace("    seeds: 5", "    seeds: " + seeds + "\n    firstSeed: 51");
    }

    /** As if the file said so. */
    private static Experiment elsewhere(Experiment experiment, long first) {
        return experiment.withSeeds(experiment.spec().seeds(), first).at("full");
    }
}
