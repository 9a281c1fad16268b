package replklab.data;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.pnm.PNMImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import replklab.base.LabException;
import replklab.base.Shown;

/**
 * Reads image files as RGB bytes: grey becomes three equal channels, alpha is dropped, more than eight bits
 * are rounded to eight. Samples are taken as they are stored, as Pillow does: a colour profile changes nothing. Images are turned as
 * their metadata say ({@link Orientation}), annotations as well. JPEG, WebP and plain PNG go to {@link Leptonica}, everything else to ImageIO, where
 * TwelveMonkeys' readers know PNM, the headers of WebP, and JPEGs in CMYK, of which ImageNet holds a few and which the JDK refuses.
 */
final class ImageFiles {
    /** The endings, in lower case, that count as images. */
    static final Set<String> EXTENSIONS =
            Set.of("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm", "pbm", "pnm");

    /** Endings of images that are not read. */
    private static final Set<String> STRANGE = Set.of(
            "heic", "heif", "avif", "jp2", "j2k", "jpx", "jxl", "svg", "psd", "tga", "pcx", "ico", "dds", "exr", "hdr",
            "pfm", "dng", "cr2", "cr3", "nef", "arw", "raf", "dcm", "npy", "mat");

    /** Folders of macOS' archives and of Synology's drives, with a shadow of each image. */
    private static final Set<String> LEFT_BEHIND = Set.of("__MACOSX", "@eaDir");

    private static final int MOST_BYTES = 1 << 29;

    /** How a decoder's message begins that passes an exception on. */
    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z]\\w*\\.)+[A-Z]\\w*: ?");

    static {
        // ImageIO finds plug-ins through the thread's class loader, which in a notebook does not see the library's
        // jars.
        IIORegistry registry = IIORegistry.getDefaultInstance();
        for (ImageReaderSpi reader :
                List.of(new JPEGImageReaderSpi(), new WebPImageReaderSpi(), new PNMImageReaderSpi())) {
            if (registry.getServiceProviderByClass(reader.getClass()) == null) {
                registry.registerServiceProvider(reader);
            }
        }
    }

    private ImageFiles() {}

    static boolean isImage(String fileName) {
        return EXTENSIONS.contains(extension(fileName));
    }

    /** Whether it is an image of a format that is not read. */
    static boolean isStrange(String fileName) {
        return STRANGE.contains(extension(fileName));
    }

    /** A file's ending in lower case, without the dot; empty if it has none. */
    static String extension(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot > 0 ? fileName.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
    }

    /** Whether a file or folder is one that systems and tools leave behind: nobody means it. */
    static boolean isHidden(String fileName) {
        return fileName.startsWith(".") || LEFT_BEHIND.contains(fileName);
    }

    /**
     * Decodes a file.
     *
     * @throws LabException naming the file, if it is no image, is cut short or cannot be read
     */
    static RgbImage read(Path file) {
        return load(file, ImageFiles::toRgb);
    }

    /**
     * Decodes a file and leaves its samples as they are stored.
     *
     * @throws LabException as {@link #read}
     */
    static BufferedImage readStored(Path file) {
        return load(file, image -> image);
    }

    private static <T> T load(Path file, Function<BufferedImage, T> form) {
        try {
            return form.apply(decode(bytes(file)));
        } catch (IOException | RuntimeException e) { // decoders meet broken files with both
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new LabException(
                    "image " + file + " cannot be read: "
                            + Shown.of(CLASS_NAME.matcher(why).replaceAll("")),
                    e);
        } catch (OutOfMemoryError e) { // one array that does not fit; everything else is as before
            throw new LabException("image " + file + " cannot be read: it takes more memory than there is", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MOST_BYTES) {
            throw new IOException("it has " + bytes + " bytes; at most " + MOST_BYTES + " are read");
        }
        return Files.readAllBytes(file);
    }

    private static BufferedImage decode(byte[] bytes) throws IOException {
        JpegFile jpeg = JpegFile.of(bytes);
        if (jpeg != null && Leptonica.reads(jpeg)) {
            HeaderCheck.requireSize(jpeg.width(), jpeg.height(), bytes);
            return Orientation.of(bytes).apply(Leptonica.jpeg(jpeg));
        }
        PngFile png = PngFile.of(bytes);
        if (png != null && Leptonica.reads(png)) {
            HeaderCheck.requireSize(png.width(), png.height(), bytes);
            return Orientation.of(bytes).apply(Leptonica.png(png));
        }
        try (ImageInputStream input = new ByteArrayImageInputStream(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw new IOException("not in a known image format, or empty");
            }
            ImageReader reader = readers.next();
            List<String> warnings = new ArrayList<>();
            try {
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                reader.setInput(input, true, true);
                HeaderCheck.require(reader, bytes);
                BufferedImage image = reader.getFormatName().equals("webp") && Leptonica.isAvailable()
                        ? Leptonica.webp(bytes)
                        : reader.read(0, asStored(reader));
                // A JPEG that ends early is filled with grey and only warned about.
                for (String warning : warnings) {
                    if (warning.contains("Truncated") || warning.contains("Premature end")) {
                        throw new IOException(warning);
                    }
                }
                return Orientation.of(bytes).apply(image);
            } finally {
                reader.dispose();
            }
        }
    }

    /** A JPEG's reader would convert samples of another colour profile to sRGB. */
    private static ImageReadParam asStored(ImageReader reader) throws IOException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        ImageTypeSpecifier stored = reader.getFormatName().equalsIgnoreCase("jpeg") ? reader.getRawImageType(0) : null;
        if (stored != null) {
            int space = stored.getColorModel().getColorSpace().getType();
            if (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB) {
                parameters.setDestinationType(stored);
            }
        }
        return parameters;
    }

    private static RgbImage toRgb(BufferedImage image) {
        return hasPlainSamples(image) ? fromSamples(image) : fromColors(image);
    }

    /** Whether the raster's bands are grey or red, green, blue as they were stored. */
    private static boolean hasPlainSamples(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int space = model.getColorSpace().getType();
        int transfer = image.getRaster().getTransferType();
        return !(model instanceof IndexColorModel)
                && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB)
                && (transfer == DataBuffer.TYPE_BYTE
                        || transfer == DataBuffer.TYPE_USHORT
                        || transfer == DataBuffer.TYPE_INT);
    }

    /** Takes the stored samples: {@link BufferedImage#getRGB} would brighten grey ones, which it takes for linear light. */
    private static RgbImage fromSamples(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        int bands = raster.getNumBands();
        byte[] stored = inOurOrder(raster);
        if (stored != null) {
            return new RgbImage(width, height, stored);
        }
        int colors = bands < 3 ? 1 : 3; // one or two bands: grey, or grey and alpha
        byte[] samples = new byte[Math.multiplyExact(width * height, 3)];
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int band = Math.min(c, colors - 1);
                    int bits = raster.getSampleModel().getSampleSize(band);
                    int value = row[x * bands + band];
                    samples[(y * width + x) * 3 + c] =
                            (byte) (bits == 8 ? value : Math.round(value * 255.0 / ((1L << bits) - 1)));
                }
            }
        }
        return new RgbImage(width, height, samples);
    }

    /** The raster's own bytes, if they are all there is and already red, green, blue, pixel by pixel; null if not. */
    private static byte[] inOurOrder(Raster raster) {
        return raster.getDataBuffer() instanceof DataBufferByte buffer
                        && buffer.getNumBanks() == 1
                        && buffer.getSize() == raster.getWidth() * raster.getHeight() * 3
                        && buffer.getData().length == buffer.getSize()
                        && raster.getSampleModel() instanceof PixelInterleavedSampleModel order
                        && order.getPixelStride() == 3
                        && Arrays.equals(order.getBandOffsets(), new int[] {0, 1, 2})
                ? buffer.getData()
                : null;
    }

    /** Palettes and unusual colour spaces, by way of their colour model. */
    private static RgbImage fromColors(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] samples = new byte[Math.multiplyExact(width * height, 3)];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                samples[at] = (byte) (row[x] >> 16);
                samples[at + 1] = (byte) (row[x] >> 8);
                samples[at + 2] = (byte) row[x];
            }
        }
        return new RgbImage(width, height, samples);
    }
}
