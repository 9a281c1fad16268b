package replklab.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An image's size on the command line: {@code 224} for a square, {@code 512x2048} for height and width.
 *
 * @param height in pixels
 * @param width in pixels
 */
record InputSize(int height, int width) {
    private static final int LARGEST = 8192;
    private static final Pattern WORDS = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

    /** The side of a square, or both sides. */
    Object json() {
        return height == width ? height : height + "x" + width;
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }

    /** How picocli reads one. */
    static final class Converter implements ITypeConverter<InputSize> {
        @Override
        public InputSize convert(String text) {
            Matcher words = WORDS.matcher(text);
            if (words.matches()) {
                int height = Integer.parseInt(words.group(1));
                int width = words.group(2) == null ? height : Integer.parseInt(words.group(2));
                if (Math.min(height, width) >= 1 && Math.max(height, width) <= LARGEST) {
                    return new InputSize(height, width);
                }
            }
            throw new TypeConversionException("--resolution is " + text
                    + "; allowed is a side, as 224, or HEIGHTxWIDTH," + " each 1 to " + LARGEST);
        }
    }
}
