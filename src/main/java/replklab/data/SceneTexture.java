package replklab.data;

import java.util.random.RandomGenerator;

/** A grey pattern over the plane: flat, stripes, checks or blotches around a mean brightness of 0 to 1. */
final class SceneTexture {
    private static final double DARKEST = 0.15;
    private static final double BRIGHTEST = 0.85;
    private static final double FAINTEST = 0.06;
    private static final double STRONGEST = 0.22;
    /** Wavelengths and blotches in pixels of an image of {@link FashionScenes#RESOLUTION}. */
    private static final double FINEST = 3;

    private static final double COARSEST = 12;

    /** Steps of a full turn in {@link #SINE}. */
    private static final int TURN = 1024;
    /** From StrictMath, and looked up: the same bits on every machine. */
    private static final float[] SINE = sine();

    private static final int LATTICE = 32;

    private enum Kind {
        FLAT,
        STRIPES,
        CHECKS,
        BLOTCHES
    }

    private final Kind kind;
    private final float mean;
    private final float amplitude;
    private final float stepX; // of the phase, in turns a pixel; for blotches, cells a pixel
    private final float stepY;
    private final float phase;
    private final float[] lattice; // for blotches

    private SceneTexture(
            Kind kind, float mean, float amplitude, float stepX, float stepY, float phase, float[] lattice) {
        this.kind = kind;
        this.mean = mean;
        this.amplitude = amplitude;
        this.stepX = stepX;
        this.stepY = stepY;
        this.phase = phase;
        this.lattice = lattice;
    }

    private static float[] sine() {
        float[] sine = new float[TURN];
        for (int i = 0; i < TURN; i++) {
            sine[i] = (float) StrictMath.sin(2 * Math.PI * i / TURN);
        }
        return sine;
    }

    /** A texture of any kind and brightness. */
    static SceneTexture draw(int side, RandomGenerator random) {
        return draw(DARKEST + (BRIGHTEST - DARKEST) * random.nextDouble(), side, random);
    }

    /** A texture whose mean brightness differs from another's by {@code contrast} at least. */
    static SceneTexture drawUnlike(SceneTexture other, double contrast, int side, RandomGenerator random) {
        double below = Math.max(0, other.mean - contrast - DARKEST);
        double above = Math.max(0, BRIGHTEST - other.mean - contrast);
        double at = (below + above) * random.nextDouble();
        return draw(at < below ? DARKEST + at : other.mean + contrast + at - below, side, random);
    }

    private static SceneTexture draw(double mean, int side, RandomGenerator random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        double amplitude = FAINTEST + (STRONGEST - FAINTEST) * random.nextDouble();
        double length = (FINEST + (COARSEST - FINEST) * random.nextDouble()) * side / FashionScenes.RESOLUTION;
        int angle = random.nextInt(TURN);
        float phase = (float) random.nextDouble();
        float[] lattice = null;
        double stepX = cosine(angle) / length;
        double stepY = SINE[angle] / length;
        if (kind == Kind.BLOTCHES) {
            lattice = new float[LATTICE * LATTICE];
            for (int i = 0; i < lattice.length; i++) {
                lattice[i] = 2 * (float) random.nextDouble() - 1;
            }
        }
        return new SceneTexture(kind, (float) mean, (float) amplitude, (float) stepX, (float) stepY, phase, lattice);
    }

    private static float cosine(int angle) {
        return SINE[(angle + TURN / 4) & (TURN - 1)];
    }

    /** The brightness at a pixel. */
    float at(int x, int y) {
        float across = stepX * x + stepY * y + phase;
        float along = stepX * y - stepY * x + phase;
        return mean
                + amplitude
                        * switch (kind) {
                            case FLAT -> 0;
                            case STRIPES -> wave(across);
                            case CHECKS -> wave(across) * wave(along) > 0 ? 1 : -1;
                            case BLOTCHES -> noise(across, along);
                        };
    }

    private static float wave(float turns) {
        return SINE[(int) Math.floor(turns * TURN) & (TURN - 1)];
    }

    /** Random values on a lattice, and between them what lies between. */
    private float noise(float u, float v) {
        int left = (int) Math.floor(u);
        int top = (int) Math.floor(v);
        float right = u - left;
        float down = v - top;
        float above = mix(cell(left, top), cell(left + 1, top), right);
        float below = mix(cell(left, top + 1), cell(left + 1, top + 1), right);
        return mix(above, below, down);
    }

    private float cell(int column, int row) {
        return lattice[(row & (LATTICE - 1)) * LATTICE + (column & (LATTICE - 1))];
    }

    private static float mix(float a, float b, float share) {
        return a + (b - a) * share;
    }
}
