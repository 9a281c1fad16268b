package replklab.device;

/**
 * How a kernel's work is cut: groups along three axes, each of so many work items along two.
 *
 * @param x groups along the first axis
 * @param y along the second; OpenCL and CUDA allow 65,535 here and below
 * @param z along the third
 * @param sizeX work items of a group along the first axis, those that lie beside each other
 * @param sizeY along the second
 */
public record Groups(long x, int y, int z, int sizeX, int sizeY) {
    /** Work items of a group where nothing else matters. */
    public static final int SIZE = 256;

    private static final int MOST = 65_535;

    public Groups {
        if (x < 1 || x > Integer.MAX_VALUE || y < 1 || y > MOST || z < 1 || z > MOST || sizeX < 1 || sizeY < 1) {
            throw new IllegalArgumentException("groups (" + x + ", " + y + ", " + z + ") of (" + sizeX + ", " + sizeY
                    + "); the first is at most " + Integer.MAX_VALUE + ", the others " + MOST);
        }
    }

    /** One work item for each of {@code count} elements. */
    public static Groups of(long count) {
        return new Groups(Math.ceilDiv(count, SIZE), 1, 1, SIZE, 1);
    }

    /** So many groups of {@value #SIZE}. */
    public static Groups each(long groups) {
        return new Groups(groups, 1, 1, SIZE, 1);
    }
}
