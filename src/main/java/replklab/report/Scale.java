package replklab.report;

/**
 * How two values of a metric are compared. Statistics are done on a line where zero is "no effect": on the values themselves
 * for differences, on their logarithms for ratios, so that half as long and twice as long are equally far from it.
 */
public enum Scale {
    /** Accuracies and the like: one minus the other. */
    DIFFERENCE {
        @Override
        double place(double value) {
            return value;
        }

        @Override
        double told(double place) {
            return place;
        }

        @Override
        String signed(double place, int decimals) {
            return Numbers.signed(place, decimals);
        }

        @Override
        int decimals(int least, double... places) {
            return Numbers.decimalsFor(least, places);
        }
    },
    /** Latencies and the like, above zero: one over the other. Means are geometric. */
    RATIO {
        @Override
        double place(double value) {
            return Math.log(value);
        }

        @Override
        double told(double place) {
            return Math.exp(place);
        }

        @Override
        String signed(double place, int decimals) {
            return "×" + Numbers.fixed(told(place), decimals);
        }

        @Override
        int decimals(int least, double... places) {
            double[] fromOne = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                fromOne[i] = told(places[i]) - 1;
            }
            return Numbers.decimalsFor(least, fromOne);
        }
    };

    /** Where a metric's value lies on the line; the effect of two values is the distance of their places. */
    abstract double place(double value);

    /** An effect as it is told: the difference, or the ratio. */
    abstract double told(double place);

    /** An effect in prose and pictures, with its sign: {@code +1.5}, {@code ×1.5}. */
    abstract String signed(double place, int decimals);

    /** The fewest digits, at least {@code least}, that tell every effect that is one from none. */
    abstract int decimals(int least, double... places);

    /** The size of an effect without its sign: 2 for twice as long and for half as long. */
    double size(double place) {
        return told(Math.abs(place));
    }
}
