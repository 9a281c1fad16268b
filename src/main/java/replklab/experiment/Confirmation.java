package replklab.experiment;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import replklab.base.Digests;
import replklab.base.GitState;
import replklab.base.UsageException;
import replklab.report.ExperimentReport;
import replklab.report.Guideline;
import replklab.report.Ledger;
import replklab.report.Ledger.Entry;
import replklab.report.Ledger.Status;
import replklab.stats.Effect;
import replklab.stats.Numbers;

/**
 * An attempt to confirm an experiment's primary claim: the whole of {@code full}, by a protocol that was committed before, on seeds that
 * nobody has looked at. It enters itself into the {@link Ledger} before its first run, so that one which is given up shows, too.
 */
public final class Confirmation {
    private static final int DIGITS = 12;

    private final Ledger ledger;
    private final Entry attempt;

    private Confirmation(Ledger ledger, Entry attempt) {
        this.ledger = ledger;
        this.attempt = attempt;
    }

    /**
     * Enters an attempt, or finds the one that was begun before and stopped.
     *
     * @param experiment in {@code full}, as its file has it
     * @param together how many claims are decided together, this one among them
     * @param git the checkout's state, results and notebooks aside
     * @throws UsageException saying what stands in the way: no claim, changes that are not committed, seeds that were looked at
     */
    public static Confirmation begin(Path results, Experiment experiment, int together, GitState git, LocalDate today) {
        String name = experiment.name();
        ExperimentSpec spec = experiment.spec();
        if (spec.primary().isEmpty()) {
            throw new UsageException(name + " has no primary hypothesis: there is nothing to confirm");
        }
        if (experiment.profile() != Profile.FULL || !experiment.isOfficial()) {
            throw new UsageException(
                    "a confirmation is of the profile full as the file has it, not of other seeds or settings");
        }
        if (!git.isKnown() || git.dirty()) {
            throw new UsageException("a confirmation needs its protocol committed: "
                    + (git.isKnown()
                            ? "there are changes that are not (git status shows them)"
                            : "this is no git checkout"));
        }
        requirePower(spec, together);
        Ledger ledger = new Ledger(results);
        Entry attempt = new Entry(
                today,
                name,
                protocol(experiment),
                git.commit().substring(0, DIGITS),
                spec.firstSeed(),
                spec.seeds(),
                Status.BEGUN,
                "");
        Optional<Entry> open = ledger.last(name).filter(entry -> entry.status() == Status.BEGUN);
        if (open.isPresent() && open.get().sameAs(attempt)) {
            return new Confirmation(ledger, open.get());
        }
        requireNewSeeds(ledger.entries(), attempt);
        open.ifPresent(entry -> ledger.append(entry.later(today, Status.GIVEN_UP, "")));
        ledger.append(attempt);
        return new Confirmation(ledger, attempt);
    }

    /**
     * Refuses to look at test images outside of a confirmation, where others are held out to be looked at: a design that was tried on
     * them could be chosen by them. To repeat a confirmation, one's own or somebody else's, is no new look.
     *
     * @throws UsageException if the ledger has no confirmation of this protocol on these seeds
     */
    static void requireEntered(Path results, Experiment experiment) {
        ExperimentSpec spec = experiment.spec();
        if (!spec.looksAtTestImages() || experiment.rerunOf().isPresent()) {
            return;
        }
        boolean entered = new Ledger(results)
                .entries().stream()
                        .anyMatch(entry -> entry.experiment().equals(experiment.name())
                                && entry.protocol().equals(protocol(experiment))
                                && entry.firstSeed() == spec.firstSeed()
                                && entry.n() == spec.seeds()
                                && List.of(Status.BEGUN, Status.CONFIRMED).contains(entry.status()));
        if (!entered) {
            throw new UsageException(
                    "%s would be evaluated on the test images, and results/%s has no confirmation of these settings on these seeds; --confirm makes one, --pilot and --set data.evaluateOn=validation look at images that are held out"
                            .formatted(experiment.name(), Ledger.FILE));
        }
    }

    private static String protocol(Experiment experiment) {
        return Digests.of(experiment.yaml()).substring(0, DIGITS);
    }

    /**
     * How many claims are decided together with an experiment's: those of the experiments that come with the library, or those of all others in
     * this checkout.
     */
    public static int together(String experiment) {
        boolean shipped = Guideline.isLookedAtBy(experiment);
        return (int) Experiments.names().stream()
                .filter(name -> Guideline.isLookedAtBy(name) == shipped)
                .filter(name ->
                        Experiments.load(name, Profile.FULL).spec().primary().isPresent())
                .count();
    }

    /** What a pilot says of the number of seeds that a confirmation needs, in a sentence; empty where nothing is claimed, or too few runs finished. */
    public static Optional<String> advice(Experiment pilot, ExperimentReport report, int together) {
        Optional<HypothesisSpec> claim = pilot.spec().primary();
        Optional<Effect> measured = report.effects().stream()
                .filter(effect ->
                        effect.hypothesis().isPrimary() && effect.ours().isPresent())
                .findFirst();
        if (claim.isEmpty() || measured.isEmpty()) {
            return Optional.empty();
        }
        double sd = measured.get().ours().get().sd();
        String spread = "For the primary hypothesis, '%s': spread: %s (standard deviation over %d seeds)."
                .formatted(
                        claim.get().name(),
                        Numbers.upTo(measured.get().sd(), 3),
                        measured.get().ours().get().n());
        if (claim.get().interest() == null || !(sd > 0)) {
            return Optional.of(
                    spread + " With interest: and the smallest effect that matters, the number of seeds follows.");
        }
        return Optional.of("%s To resolve %s with a chance of %.0f %%, one of %d claims: seeds: %d."
                .formatted(
                        spread,
                        Numbers.upTo(claim.get().interest(), 3),
                        100 * HypothesisSpec.POWER,
                        together,
                        claim.get().seedsNeeded(together, sd)));
    }

    private static void requirePower(ExperimentSpec spec, int together) {
        HypothesisSpec primary = spec.primary().orElseThrow();
        double sd = primary.spreadOnScale()
                .orElseThrow(
                        () -> new UsageException(
                                "hypothesis '" + primary.name()
                                        + "' has no spread: run a pilot (--pilot), which says it, so that the number of seeds follows from it"));
        int needed = primary.seedsNeeded(together, sd);
        if (spec.seeds() < needed) {
            throw new UsageException(
                    "profiles.full.seeds is %d; to resolve an effect of %s with a chance of %.0f %%, one of %d claims, takes %d"
                            .formatted(spec.seeds(), primary.interest(), 100 * HypothesisSpec.POWER, together, needed));
        }
    }

    private static void requireNewSeeds(List<Entry> entries, Entry attempt) {
        long next = entries.stream()
                .filter(entry -> entry.experiment().equals(attempt.experiment()))
                .mapToLong(entry -> entry.firstSeed() + entry.n())
                .max()
                .orElse(1);
        entries.stream()
                .filter(entry ->
                        entry.experiment().equals(attempt.experiment()) && entry.used(attempt.firstSeed(), attempt.n()))
                .findFirst()
                .ifPresent(entry -> {
                    throw new UsageException(
                            "seeds %s of %s were looked at on %s (%s); a confirmation needs seeds that nobody has seen: set profiles.full.firstSeed to %d or more, and commit it"
                                    .formatted(entry.seeds(), entry.experiment(), entry.date(), entry.status(), next));
                });
    }

    /** Enters how it ended. */
    public void end(String verdict, LocalDate today) {
        ledger.append(attempt.later(today, Status.CONFIRMED, verdict));
    }
}
