package replklab.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabHome;
import replklab.base.UsageException;

/** {@code ./lab notebook}: JupyterLab beside MLflow's page, or notebooks executed headless. */
@Command(
        name = "notebook",
        description = "Opens JupyterLab beside MLflow's page, or executes notebooks headless (--execute).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "You work in my-notebooks/: copies of notebooks/, which git leaves alone, and whatever notebooks you put there. A "
                    + "copy whose cells you have not changed follows its original."
        })
final class NotebookCommand implements Callable<Integer> {
    /** Environment variable in which a notebook finds the profile: parameters cannot be injected into Java. */
    static final String PROFILE_VARIABLE = "REPLKLAB_PROFILE";

    private static final List<String> PROFILES = List.of("smoke", "quick", "full");

    @Option(
            names = "--execute",
            description =
                    "Execute the notebooks, all that come with the checkout by default, and keep the outputs in them.")
    private boolean execute;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "A notebook by name, with or without number and ending, or its number: shortcut, 02-shortcut.ipynb, 2.")
    private List<String> names = List.of();

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "quick",
            description = "smoke (seconds), quick (minutes; the default) or full.")
    private String profile;

    @Option(
            names = "--output-dir",
            paramLabel = "DIR",
            description = "With --execute: write the executed notebooks here and leave the originals alone.")
    private Path outputFolder;

    @Option(
            names = "--fresh",
            description = "Begin anew from the checkout's notebook; a copy that you have changed gets another name.")
    private boolean fresh;

    @Option(
            names = "--originals",
            description = "Take the notebooks in notebooks/ themselves, to change what everybody sees of them.")
    private boolean originals;

    @Option(names = "--no-browser", description = "Without --execute: only print the addresses.")
    private boolean noBrowser;

    @Mixin
    private PortOption port;

    @Override
    public Integer call() throws Exception {
        if (!PROFILES.contains(profile)) {
            throw UsageException.unknown("profile", profile, PROFILES);
        }
        if (originals && fresh) {
            throw new UsageException("--fresh is about copies; --originals makes none");
        }
        List<Path> shipped = new NotebookFiles(LabHome.resolve("notebooks")).all();
        List<Path> notebooks = names.isEmpty() ? shipped : MyNotebooks.all().named(names);
        MyNotebooks mine = new MyNotebooks(execute ? System.err::println : System.out::println);
        if (execute) {
            if (port.port().isPresent()) {
                throw new UsageException("--port is where JupyterLab's page is; --execute shows none");
            }
            return execute(originals ? notebooks : copies(mine, notebooks, fresh));
        }
        if (outputFolder != null) {
            throw new UsageException("--output-dir belongs to --execute");
        }
        if (names.size() > 1) {
            throw new UsageException("JupyterLab opens one notebook at a time; --execute takes several");
        }
        if (names.isEmpty() && fresh) {
            throw new UsageException("--fresh wants to know which notebook");
        }
        Path start;
        if (originals) {
            start = names.isEmpty() ? LabHome.resolve("notebooks") : notebooks.getFirst();
        } else {
            copies(mine, shipped, false); // links lead from one to the others
            start = names.isEmpty() ? mine.folder() : mine.of(notebooks.getFirst(), fresh);
        }
        Workbench.open(start, profile, port.freePort(), !noBrowser, originals);
        return 0;
    }

    private static List<Path> copies(MyNotebooks mine, List<Path> notebooks, boolean fresh) {
        return notebooks.stream().map(notebook -> mine.of(notebook, fresh)).toList();
    }

    private int execute(List<Path> notebooks) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(PythonScript.script("execute_notebooks.py")));
        if (outputFolder != null) {
            arguments.addAll(
                    List.of("--output-dir", outputFolder.toAbsolutePath().toString()));
        }
        notebooks.forEach(notebook -> arguments.add(notebook.toString()));
        ProcessBuilder builder = PythonScript.python(arguments).inheritIO();
        builder.environment().put(PROFILE_VARIABLE, profile);
        return PythonScript.start(builder).waitFor();
    }
}
