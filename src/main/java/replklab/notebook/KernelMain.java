package replklab.notebook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.BaseKernelBuilder;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.magic.CellMagic;
import org.dflib.jjava.jupyter.kernel.magic.LineMagic;
import replklab.base.HeapLevel;

/**
 * The program behind a notebook: JJava's kernel, whose cells can be interrupted and leave no tape open when they fail, and which
 * shows Javadoc. Only {@code jjava-jupyter} of JJava is published for others to compile against; what lies beyond is found by
 * name in the jar that the Python package brings along.
 */
public final class KernelMain {
    private static final String JJAVA = "org.dflib.jjava.";
    private static final Map<String, String> LINE_MAGICS = new TreeMap<>(Map.of(
            "load", "kernel.magics.LoadMagic",
            "classpath", "kernel.magics.ClasspathMagic",
            "jars", "kernel.magics.JarsMagic",
            "time", "kernel.magics.TimeMagic",
            "maven", "maven.magics.MavenMagic",
            "mavenRepo", "maven.magics.MavenRepoMagic",
            "addMavenDependency", "maven.magics.AddMavenDependencyMagic",
            "loadFromPOM", "maven.magics.LoadFromPomLineMagic"));
    private static final Map<String, String> CELL_MAGICS = new TreeMap<>(
            Map.of("time", "kernel.magics.TimeMagic", "loadFromPOM", "maven.magics.LoadFromPomCellMagic"));

    private KernelMain() {}

    /**
     * Serves one notebook until it is shut down.
     *
     * @param arguments Jupyter's connection file
     */
    public static void main(String[] arguments) throws Exception {
        HeapLevel.keep();
        Path file = Path.of(arguments[0]);
        // A line each, in Jupyter's own format.
        System.setProperty("java.util.logging.SimpleFormatter.format", "[%4$.1s %1$tF %1$tT.%1$tL %3$s] %5$s%n");
        BaseKernel kernel = kernel();
        CellControl cells = CellControl.of(kernel);
        CellConnection connection = new CellConnection(
                KernelConnectionProperties.parse(Files.readString(file)),
                cells,
                new Inspection(CellControl.shell(kernel)),
                CellLines.of(CellControl.shell(kernel)));
        kernel.onStartup(); // finds NotebookExtension
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
    }

    private static BaseKernel kernel() throws ReflectiveOperationException {
        BaseKernelBuilder<?, ?> builder = (BaseKernelBuilder<?, ?>)
                Class.forName(JJAVA + "kernel.JavaKernel").getMethod("builder").invoke(null);
        builder.name("JJava").version("");
        Class.forName(JJAVA + "kernel.JavaKernelBuilder")
                .getMethod("compilerOpts", Iterable.class)
                .invoke(builder, StartupScript.compilerOptions());
        Object resolver = Class.forName(JJAVA + "maven.MavenDependencyResolver")
                .getConstructor()
                .newInstance();
        for (Map.Entry<String, String> magic : LINE_MAGICS.entrySet()) {
            builder.lineMagic(magic.getKey(), (LineMagic<?, ?>) magic(magic.getValue(), resolver));
        }
        for (Map.Entry<String, String> magic : CELL_MAGICS.entrySet()) {
            builder.cellMagic(magic.getKey(), (CellMagic<?, ?>) magic(magic.getValue(), resolver));
        }
        return builder.build();
    }

    private static Object magic(String name, Object resolver) throws ReflectiveOperationException {
        Class<?> type = Class.forName(JJAVA + name);
        return name.startsWith("maven.")
                ? type.getConstructor(resolver.getClass()).newInstance(resolver)
                : type.getConstructor().newInstance();
    }
}
