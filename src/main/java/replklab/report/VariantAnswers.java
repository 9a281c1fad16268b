package replklab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the runs of one variant said to the same test images.
 *
 * @param label the variant in words
 * @param runs one a seed, at least one
 */
record VariantAnswers(String label, List<RunAnswers> runs) {
    VariantAnswers {
        runs = List.copyOf(runs);
    }

    /** By variant, in order of first appearance. */
    static List<VariantAnswers> of(List<RunAnswers> answers) {
        Map<Map<String, String>, List<RunAnswers>> groups = new LinkedHashMap<>();
        answers.forEach(each -> groups.computeIfAbsent(each.run().variant(), _ -> new ArrayList<>())
                .add(each));
        return groups.values().stream()
                .map(group -> new VariantAnswers(group.getFirst().run().label(), group))
                .toList();
    }

    int images() {
        return runs.getFirst().truth().size();
    }

    /** How many seeds are right about an image. */
    int right(int image) {
        return (int) runs.stream().filter(run -> run.isRight(image)).count();
    }

    /** The share of seeds that are right about each image. */
    double[] shares() {
        double[] shares = new double[images()];
        for (int image = 0; image < shares.length; image++) {
            shares[image] = (double) right(image) / runs.size();
        }
        return shares;
    }

    /** What most seeds say to an image; of what as many say, what is said first. */
    String said(int image) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        runs.forEach(run -> counts.merge(run.said().get(image), 1, Integer::sum));
        int most = counts.values().stream().max(Integer::compare).orElseThrow();
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** {@code "8 seeds"}. */
    String seeds() {
        return runs.size() == 1 ? "1 seed" : runs.size() + " seeds";
    }
}
