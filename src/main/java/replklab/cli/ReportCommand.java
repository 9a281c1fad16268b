package replklab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import replklab.base.LabHome;
import replklab.report.ResultsPage;

/** {@code ./lab report}: the page on all guidelines, from the committed results. */
@Command(
        name = "report",
        description = "Writes results/README.md, its chart and summary.json from what lies in results/full/.",
        mixinStandardHelpOptions = true,
        footer = {"", "./lab run --profile full does it by itself; this is for results that came by git."})
final class ReportCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(LabHome.root().relativize(ResultsPage.write(LabHome.resolve("results"))));
        return 0;
    }
}
