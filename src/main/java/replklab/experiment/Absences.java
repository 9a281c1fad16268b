package replklab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import replklab.bench.BenchCase;

/**
 * Runs that nobody can measure on this machine, since a peer is not installed: they are left out, and said to be.
 *
 * @param plans the runs
 * @param reasons a sentence for each peer, without its full stop
 */
record Absences(Set<RunPlan> plans, List<String> reasons) {
    static final Absences NONE = new Absences(Set.of(), List.of());

    Absences {
        plans = Set.copyOf(plans);
        reasons = List.copyOf(reasons);
    }

    /**
     * Those of an experiment.
     *
     * @param reason why an implementation cannot be measured in a case; empty if it can
     */
    static Absences of(ExperimentSpec spec, BiFunction<String, BenchCase, Optional<String>> reason) {
        if (!spec.isMeasured()) {
            return NONE;
        }
        List<RunPlan> plans = new ArrayList<>();
        Set<String> reasons = new LinkedHashSet<>();
        for (RunPlan plan : RunPlan.of(spec)) {
            Measurable measurable = Measurables.of(spec.optionsOf(plan.variant()));
            reason.apply(measurable.implementation(), measurable.what()).ifPresent(why -> {
                plans.add(plan);
                reasons.add(why);
            });
        }
        return new Absences(new LinkedHashSet<>(plans), List.copyOf(reasons));
    }
}
