package replklab.experiment;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import replklab.base.Fuzz;

/** Damaged experiments: whatever their bytes, they are read or refused in so many words. */
class ExperimentFuzzTest {
    private static final List<byte[]> WORDS = Stream.of(
                    "&a ",
                    "*a",
                    "<<: ",
                    "---\n",
                    "...\n",
                    "!!str ",
                    "!x ",
                    "%YAML 1.1\n",
                    "? ",
                    ": ",
                    "- ",
                    "| ",
                    "> ",
                    "'",
                    "\"",
                    "\t",
                    "\n",
                    "\r\n",
                    "\uFEFF",
                    "\u2028",
                    "\"\\0\"",
                    "{",
                    "}",
                    "[",
                    "]",
                    "{}",
                    "[]",
                    "~",
                    "null",
                    "true",
                    "no",
                    ".nan",
                    ".inf",
                    "1e999",
                    "1e-999",
                    "0x1F",
                    "010",
                    "1_000",
                    "99999999999",
                    "-1",
                    "0",
                    "2.5",
                    "''",
                    "#",
                    "seeds: 2000000000\n",
                    "firstSeed: 9223372036854775807\n",
                    "profiles:\n",
                    "finetune: {}\n",
                    "measure: {}\n",
                    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toList();

    @Test
    void damagedExperiments() {
        Experiment quick = Experiments.parse("tiny", Yaml.TEXT, Profile.QUICK);
        List<byte[]> good = Stream.of(Yaml.TEXT, Yaml.MEASURED, quick.logged())
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        new Fuzz("", 512L << 20, input -> Experiments.parse("fuzz", ExperimentText.of(input), null))
                .mutants(good, WORDS)
                .readsSomeAndRefusesSome();
    }
}
