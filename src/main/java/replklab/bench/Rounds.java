package replklab.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures one case with everybody. Each is warmed up until its times settle; then all take turns, so that what the machine
 * does meanwhile meets everybody alike, and each round begins with somebody else. The first call of a turn does not count:
 * others had the caches and the threads slept. A peer's variant that is far behind another one of it does not take part in
 * the rounds. Peers are shown at their fastest variant, ours over all their processes together.
 */
final class Rounds {
    /** Two turns whose medians are this close count as settled. */
    private static final double SETTLED = 0.03;
    /** A variant this many times slower than the implementation's best need not be measured more closely. */
    private static final double FAR_BEHIND = 1.5;

    /** While two turns differ this much, warming up goes on beyond its usual end. */
    private static final double MUCH = 0.3;

    private static final int MOST_CALLS = 400;

    private final Effort effort;
    private final Consumer<String> status;

    /**
     * @param status is told what happens now
     */
    Rounds(Effort effort, Consumer<String> status) {
        this.effort = effort;
        this.status = status;
    }

    /** One contestant's part in the case. */
    private static final class Entry {
        private final Contestant contestant;
        private double[] warmest = {};
        private double fastest = Double.POSITIVE_INFINITY;
        private final List<Double> samples = new ArrayList<>();
        private int rounds;
        private Description description = Description.NONE;

        Entry(Contestant contestant) {
            this.contestant = contestant;
        }

        String implementation() {
            return contestant.implementation();
        }

        /** A turn while warming up; returns how long it took. */
        double warmUp(int calls) {
            warmest = contestant.run(calls);
            fastest = Math.min(fastest, Arrays.stream(warmest).min().orElseThrow());
            return Arrays.stream(warmest).sum();
        }

        double expected() {
            return Timing.of(warmest).median();
        }

        double[] times() {
            return samples.isEmpty()
                    ? warmest
                    : samples.stream().mapToDouble(Double::doubleValue).toArray();
        }

        Timing timing() {
            return Timing.of(times());
        }
    }

    /** The result of a case; contestants that fail are left out of it. */
    CaseResult measure(BenchCase what, List<? extends Contestant> contestants) {
        List<Entry> entries =
                new ArrayList<>(contestants.stream().map(Entry::new).toList());
        List<LeftOut> leftOut = new ArrayList<>();
        try {
            each(entries, leftOut, entry -> {
                status.accept(entry.contestant.implementation() + " " + entry.contestant.variant());
                entry.contestant.prepare(what, effort.preparing());
                warmUp(entry);
                entry.contestant.resetPeak();
            });
            plan(entries);
            for (int round = 0; round < effort.rounds(); round++) {
                int now = round;
                status.accept("round " + (round + 1) + " of " + effort.rounds());
                List<Entry> turn = rotated(entries, round);
                each(turn, leftOut, entry -> {
                    if (now < entry.rounds) {
                        turn(entry);
                    }
                });
                entries.retainAll(turn);
            }
            each(entries, leftOut, entry -> entry.description = entry.contestant.describe());
            return new CaseResult(what.label(), results(entries), leftOut);
        } finally {
            contestants.forEach(Contestant::drop);
        }
    }

    /** Does something with each; who fails is removed and its reason kept. */
    private static void each(List<Entry> entries, List<LeftOut> leftOut, Consumer<Entry> step) {
        entries.removeIf(entry -> {
            try {
                step.accept(entry);
                return false;
            } catch (LeftOutException e) {
                leftOut.add(new LeftOut(entry.implementation(), entry.contestant.variant(), e.getMessage()));
                entry.contestant.drop();
                return true;
            }
        });
    }

    /** The first call does not count beside others; if it alone takes longer than anybody's patience, it does. */
    private void warmUp(Entry entry) {
        double spent = entry.warmUp(1);
        if (spent >= effort.patienceMs()) {
            entry.samples.add(spent);
            return;
        }
        double before = entry.expected();
        boolean ready = false;
        for (int calls = 1; !ready && spent < effort.patienceMs(); calls = calls(entry.expected())) {
            spent += entry.warmUp(calls);
            double median = entry.expected();
            double change = Math.abs(median - before) / before;
            boolean settled = !entry.contestant.isSettling() && change <= SETTLED;
            boolean longEnough = spent >= effort.warmUpMs() && !entry.contestant.isSettling() && change <= MUCH;
            ready = settled || longEnough;
            before = median;
        }
    }

    private void plan(List<Entry> entries) {
        Map<String, Double> best = new LinkedHashMap<>();
        entries.forEach(entry -> best.merge(entry.implementation(), entry.fastest, Math::min));
        for (Entry entry : entries) {
            boolean farBehind = Contestants.isPeer(entry.implementation())
                    && entry.fastest > FAR_BEHIND * best.get(entry.implementation());
            int affordable = (int) Math.min(effort.rounds(), effort.slowMs() / entry.expected());
            // A call so slow that it counted when warming up need not be made again.
            int least = entry.samples.isEmpty() ? 1 : 0;
            entry.rounds = farBehind ? 0 : Math.max(least, affordable);
        }
    }

    private void turn(Entry entry) {
        int calls = calls(entry.expected());
        double[] times = entry.contestant.run(calls);
        int first = calls >= 3 ? 1 : 0;
        Arrays.stream(times, first, times.length).forEach(entry.samples::add);
    }

    private int calls(double expectedMs) {
        return (int) Math.clamp(Math.ceil(effort.turnMs() / expectedMs), 1, MOST_CALLS);
    }

    private static List<Entry> rotated(List<Entry> entries, int by) {
        List<Entry> turn = new ArrayList<>(entries);
        if (!turn.isEmpty()) {
            Collections.rotate(turn, -by % turn.size());
        }
        return turn;
    }

    /** One result an implementation: a peer's fastest variant's; ours over all processes. */
    private static List<Measured> results(List<Entry> entries) {
        Set<String> names = new LinkedHashSet<>();
        entries.forEach(entry -> names.add(entry.implementation()));
        List<Measured> results = new ArrayList<>();
        for (String name : names) {
            List<Entry> own = entries.stream()
                    .filter(entry -> entry.implementation().equals(name))
                    .toList();
            Entry best = own.stream()
                    .min(Comparator.comparingDouble(entry -> entry.timing().median()))
                    .orElseThrow();
            Map<String, Timing> variants = new LinkedHashMap<>();
            own.forEach(entry -> variants.put(entry.contestant.variant(), entry.timing()));
            Contestant contestant = best.contestant;
            boolean isPeer = Contestants.isPeer(name);
            double[] all = own.stream()
                    .map(Entry::times)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            results.add(new Measured(
                    name,
                    contestant.version(),
                    isPeer ? contestant.variant() : "",
                    isPeer ? best.timing() : Timing.of(all),
                    best.description,
                    variants));
        }
        return results;
    }
}
