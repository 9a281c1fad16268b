package replklab.cli;

import java.util.Iterator;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;

/** {@code ./lab completion}: what a shell completes. */
@Command(
        name = "completion",
        description = "Prints a script that lets bash and zsh complete commands, options and names of experiments.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For this shell:   source <(./lab completion)",
            "For all to come:  ./lab completion > ~/.lab-completion && echo 'source ~/.lab-completion' >> ~/.bashrc",
            "                  (~/.zshrc for zsh)",
        })
final class CompletionCommand implements Runnable {
    private static final String NAME = "lab";

    @Spec
    private CommandSpec command;

    /** Names of the checkout's experiments, as they are when the script is made. */
    static final class ExperimentNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Experiments.names().iterator();
        }
    }

    /** Names of the profiles. */
    static final class ProfileNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Profile.names().iterator();
        }
    }

    @Override
    public void run() {
        System.out.print(AutoComplete.bash(NAME, command.root().commandLine()));
        System.out.println();
        System.out.println("# As it is called from the checkout.");
        System.out.println("complete -F _complete_" + NAME + " -o default ./" + NAME);
    }
}
