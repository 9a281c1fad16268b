package replklab.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The images on which one variant differs most from the others, by a rule: the share of its seeds that are right minus the mean of
 * the other variants' shares, as far above zero and as far below zero as there is; of equal ones the first in the data set. Each
 * variant gets as many images of both kinds as the next one, and each image is shown once.
 */
final class TellingImages {
    /**
     * Images on which a variant differs in one way.
     *
     * @param variant its place
     * @param right whether it is right where the others are wrong, or the other way round
     * @param images their places in the data set, the most different first; may be empty
     */
    record Group(int variant, boolean right, List<Integer> images) {}

    private TellingImages() {}

    /**
     * Chooses.
     *
     * @param shares of seeds that are right, by variant and image
     * @param most images to choose; each group gets one if there are more groups
     */
    static List<Group> choose(List<double[]> shares, int most) {
        if (shares.size() < 2) {
            return List.of();
        }
        // Of two variants, what tells for the one tells against the other.
        boolean[] ways = shares.size() == 2 ? new boolean[] {true} : new boolean[] {true, false};
        List<Group> groups = new ArrayList<>();
        List<Iterator<Integer>> candidates = new ArrayList<>();
        for (int variant = 0; variant < shares.size(); variant++) {
            double[] leads = leads(shares, variant);
            for (boolean right : ways) {
                groups.add(new Group(variant, right, new ArrayList<>()));
                candidates.add(ordered(leads, right ? 1 : -1));
            }
        }
        Set<Integer> taken = new HashSet<>();
        int each = Math.max(1, most / groups.size());
        for (int round = 0; round < each; round++) {
            for (int g = 0; g < groups.size(); g++) {
                next(candidates.get(g), taken, groups.get(g).images());
            }
        }
        return groups;
    }

    private static void next(Iterator<Integer> candidates, Set<Integer> taken, List<Integer> into) {
        while (candidates.hasNext()) {
            int image = candidates.next();
            if (taken.add(image)) {
                into.add(image);
                return;
            }
        }
    }

    /** By how much a variant's share is above the mean of the others', image by image. */
    private static double[] leads(List<double[]> shares, int variant) {
        return IntStream.range(0, shares.get(variant).length)
                .mapToDouble(image -> {
                    double all =
                            shares.stream().mapToDouble(each -> each[image]).sum();
                    double own = shares.get(variant)[image];
                    return own - (all - own) / (shares.size() - 1);
                })
                .toArray();
    }

    /** Images whose lead has the sign, the largest first. */
    private static Iterator<Integer> ordered(double[] leads, int sign) {
        double[] signed =
                DoubleStream.of(leads).map(lead -> Math.rint(sign * lead * 1e9)).toArray();
        return IntStream.range(0, signed.length)
                .filter(image -> signed[image] > 0)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(image -> -signed[image])
                        .thenComparing(image -> image))
                .iterator();
    }
}
