package replklab.stats;

/**
 * How two values of a metric are compared. Statistics are done on a line where zero is "no effect": on the values themselves
 * for differences, on their logarithms for ratios, so that half as long and twice as long are equally far from it.
 */
public enum Scale {
    /** Accuracies and the like: one minus the other. */
    DIFFERENCE {
        @Override
        public double place(double value) {
            return value;
        }

        @Override
        public double told(double place) {
            return place;
        }

        @Override
        public String signed(double place, int decimals) {
            return Numbers.signed(place, decimals);
        }

        @Override
        public int decimals(int least, double... places) {
            return Numbers.decimalsFor(least, places);
        }
    },
    /** Latencies and the like, above zero: one over the other. Means are geometric. */
    RATIO {
        @Override
        public double place(double value) {
            return Math.log(value);
        }

        @Override
        public double told(double place) {
            return Math.exp(place);
        }

        @Override
        public String signed(double place, int decimals) {
            return "×" + Numbers.fixed(told(place), decimals);
        }

        @Override
        public int decimals(int least, double... places) {
            double[] fromOne = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                fromOne[i] = told(places[i]) - 1;
            }
            return Numbers.decimalsFor(least, fromOne);
        }
    };

    /** Where a metric's value lies on the line; the effect of two values is the distance of their places. */
    public abstract double place(double value);

    /** An effect as it is told: the difference, or the ratio. */
    public abstract double told(double place);

    /** An effect in prose and pictures, with its sign: {@code +1.5}, {@code ×1.5}. */
    public abstract String signed(double place, int decimals);

    /** The fewest digits, at least {@code least}, that tell every effect that is one from none. */
    public abstract int decimals(int least, double... places);

    /** The size of an effect without its sign: 2 for twice as long and for half as long. */
    double size(double place) {
        return told(Math.abs(place));
    }
}
