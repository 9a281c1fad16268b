package replklab.plot;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** PNG files that carry their provenance as text chunks, which image tools show and no viewer stumbles over. */
public final class PngFile {
    private static final String FORMAT = "javax_imageio_png_1.0";
    /** 96 dots an inch times {@link Picture#SCALE}, in dots a metre. */
    private static final int DOTS_PER_METRE = (int) Math.round(96 * Picture.SCALE / 0.0254);

    /** Bytes before the first chunk; of a chunk besides its data (length, type, checksum); the type of one with pixels, as letters. */
    private static final int SIGNATURE = 8;

    private static final int CHUNK = 12;
    private static final int IDAT = 0x49444154;

    private PngFile() {}

    /**
     * The bytes of a PNG.
     *
     * @param picture drawn at {@link Picture#SCALE}
     * @param texts text by keyword; a keyword has at most 79 characters
     */
    public static byte[] bytes(BufferedImage picture, Map<String, String> texts) {
        BufferedImage image = Palette.reduced(picture);
        boolean indexed = image.getColorModel() instanceof IndexColorModel;
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // In memory: the other kind of stream wants a shutdown hook, which the JVM refuses once it stops.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam smallest = writer.getDefaultWriteParam();
            smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            smallest.setCompressionQuality(
                    indexed ? 1 : 0); // of time, not of the picture; what is written below need not be small here
            IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), smallest);
            metadata.mergeTree(FORMAT, tree(texts));
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), smallest);
        } catch (IIOInvalidTreeException e) {
            throw new IllegalArgumentException("these texts do not fit a PNG: " + texts, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return indexed ? unfiltered(bytes.toByteArray(), image) : bytes.toByteArray();
    }

    /** A PNG whose rows are not filtered: ImageIO filters indices like brightnesses, which makes a chart a fifth larger. */
    private static byte[] unfiltered(byte[] filtered, BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(filtered, 0, SIGNATURE);
        ByteBuffer png = ByteBuffer.wrap(filtered).position(SIGNATURE);
        boolean written = false;
        while (png.hasRemaining()) {
            int start = png.position();
            int length = png.getInt();
            boolean pixels = png.getInt() == IDAT;
            png.position(start + length + CHUNK);
            if (!pixels) {
                out.write(filtered, start, length + CHUNK);
            } else if (!written) {
                byte[] chunk = pixels(image);
                out.write(chunk, 0, chunk.length);
                written = true;
            }
        }
        return out.toByteArray();
    }

    /** All pixels as one chunk. */
    private static byte[] pixels(BufferedImage image) {
        int width = image.getWidth();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(packed, deflater)) {
            byte[] row = new byte[1 + width]; // the first byte is the filter: none
            for (int y = 0; y < image.getHeight(); y++) {
                byte[] indices = (byte[]) image.getRaster().getDataElements(0, y, width, 1, null);
                System.arraycopy(indices, 0, row, 1, width);
                deflating.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        ByteBuffer chunk = ByteBuffer.allocate(packed.size() + CHUNK);
        chunk.putInt(packed.size()).putInt(IDAT).put(packed.toByteArray());
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), Integer.BYTES, Integer.BYTES + packed.size());
        return chunk.putInt((int) crc.getValue()).array();
    }

    private static IIOMetadataNode tree(Map<String, String> texts) {
        IIOMetadataNode size = new IIOMetadataNode("pHYs");
        size.setAttribute("pixelsPerUnitXAxis", Integer.toString(DOTS_PER_METRE));
        size.setAttribute("pixelsPerUnitYAxis", Integer.toString(DOTS_PER_METRE));
        size.setAttribute("unitSpecifier", "meter");
        IIOMetadataNode chunks = new IIOMetadataNode("tEXt");
        texts.forEach((keyword, value) -> {
            IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("value", value);
            chunks.appendChild(entry);
        });
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        root.appendChild(size);
        root.appendChild(chunks);
        return root;
    }
}
