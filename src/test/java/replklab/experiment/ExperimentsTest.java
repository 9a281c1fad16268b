package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.data.ImageShape;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.stats.Effect;
import replklab.stats.PaperEffect;
import replklab.stats.Standing;
import replklab.tensor.Precision;
import replklab.train.TrainingConfig;
import replklab.train.TrainingConfig.OptimiserKind;

/** What an experiment's file may say, and what it is told when it may not. */
class ExperimentsTest {
    @TempDir
    Path folder;

    @Test
    void fillsInDefaultsAndTheProfile() {
        Experiment quick = Experiments.parse("tiny", Yaml.TEXT, Profile.QUICK);
        ExperimentSpec spec = quick.spec();
        assertThat(spec.seeds()).isEqualTo(3);
        assertThat(spec.training().epochs()).isEqualTo(3);
        assertThat(spec.training().batchSize()).isEqualTo(6);
        assertThat(spec.training().optimiser()).isEqualTo(OptimiserKind.SGD);
        assertThat(spec.training().momentum()).isEqualTo(0.9);
        assertThat(spec.training().augmentation().mixup()).isZero();
        assertThat(spec.hypotheses())
                .singleElement()
                .satisfies(effect -> assertThat(effect.butNot()).isNull());
        assertThat(Yaml.smoke(Yaml.TEXT).spec().training().epochs()).isEqualTo(2);
        // The resolved file is a file as well, and says everything.
        assertThat(quick.yaml())
                .contains("seeds: 3", "epochs: 3", "momentum: 0.9")
                .doesNotContain("profiles");
    }

    /** A file's own settings stay what they are; results of others have a place of their own, and say so. */
    @Test
    void settingsCanBeChangedForOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.yaml"), Yaml.TEXT);
        List<String> changes = List.of("training.epochs=7", "data.trainExamples=30", "training.augmentation.mixup=0.5");
        for (Profile profile : Profile.required()) {
            Experiment changed = Experiments.loadFile(file, profile, List.of(), changes);
            assertThat(changed.spec().training().epochs()).as("%s", profile).isEqualTo(7);
            assertThat(changed.spec().training().augmentation().mixup()).isEqualTo(0.5);
            assertThat(changed.spec().data().trainExamples()).isEqualTo(30);
            assertThat(changed.place())
                    .isEqualTo(
                            profile + "-set-training.epochs=7,data.trainExamples=30,training.augmentation.mixup=0.5");
            assertThat(changed.isOfficial()).isFalse();
            assertThat(changed.overrides()).isEqualTo(changes);
            assertThat(changed.command())
                    .endsWith(" --profile " + profile + " --set training.epochs=7 --set data.trainExamples=30"
                            + " --set training.augmentation.mixup=0.5");
            assertThat(changed.withSeeds(2, 9).place()).startsWith(profile + "-set-training.epochs=7");
        }
        Experiment plain = Experiments.loadFile(file, Profile.QUICK);
        assertThat(Experiments.loadFile(file, Profile.QUICK, List.of(), List.of()))
                .isEqualTo(plain);
        String yaml =
                Experiments.loadFile(file, Profile.QUICK, List.of(), changes).logged();
        assertThat(Experiments.parse("x", yaml, null).spec().training().epochs())
                .as("what a run logs says it, too")
                .isEqualTo(7);
        Path single = Files.writeString(folder.resolve("single.yaml"), plain.logged());
        Experiment eight = Experiments.loadFile(single, null, List.of(), List.of("training.epochs=8"));
        assertThat(eight.spec().training().epochs())
                .as("a file without profiles")
                .isEqualTo(8);
    }

    @Test
    void aPlaceIsAFolderWhateverTheSettings() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.yaml"), Yaml.TEXT);
        Experiment odd = Experiments.loadFile(file, Profile.QUICK, List.of(), List.of("title=a/../b 'c'"));
        assertThat(odd.place()).isEqualTo("quick-set-title=a_.._b__c_");
        assertThat(odd.command()).endsWith(" --set 'title=a/../b '\\''c'\\'''");
        Experiment other = Experiments.loadFile(file, Profile.QUICK, List.of(), List.of("title=" + "x".repeat(300)));
        Experiment another = Experiments.loadFile(file, Profile.QUICK, List.of(), List.of("title=" + "x".repeat(301)));
        assertThat(other.place()).hasSizeLessThan(110).isNotEqualTo(another.place());
    }

    @Test
    void whatOneProfileChangesDoesNotShowInTheNext() {
        String text =
                Yaml.with("    seeds: 2\n", "    seeds: 2\n    model: {width: 0.5}\n    training: {batchSize: 3}\n");
        assertThat(Experiments.parse("tiny", text, Profile.SMOKE).spec().model().get("width"))
                .hasToString("0.5");
        Experiment quick = Experiments.parse("tiny", text, Profile.QUICK);
        assertThat(quick.spec().model().get("width")).hasToString("0.25");
        assertThat(quick.spec().training().batchSize()).isEqualTo(6);
        assertThat(quick.yaml()).contains("width: 0.25", "batchSize: 6");
    }

    /** Settings of the training are varied as options of the model are: they reach it, not the model, and are checked. */
    @Test
    void variesTheTraining() {
        String both = "kernel: [3]\n  training.precision: [float32, bf16]\n  training.augmentation.mixup: [0.5]";
        Experiment experiment = Yaml.smoke(Yaml.with("kernel: [3]", both).replaceAll(" *paper: .*\\n", ""));
        ExperimentSpec spec = experiment.spec();
        assertThat(spec.combinations()).hasSize(4);
        Map<String, String> half = Map.of(
                "shortcut", "with", "kernel", "3", "training.precision", "bf16", "training.augmentation.mixup", "0.5");
        TrainingConfig training = spec.trainingOf(half);
        assertThat(training.precision()).isEqualTo(Precision.BF16);
        assertThat(training.augmentation().mixup()).isEqualTo(0.5);
        assertThat(training.epochs()).isEqualTo(spec.training().epochs());
        assertThat(spec.training().precision()).isEqualTo(Precision.FLOAT32);
        assertThat(spec.optionsOf(half)).containsKeys("shortcut", "kernel").doesNotContainKey("training.precision");
        assertThat(RunConfig.params(experiment, new RunPlan(half, 1)))
                .containsEntry("training.precision", "BF16")
                .containsEntry("training.augmentation.mixup", "0.5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            training.precision: [fp16]       | training.precision is "fp16"  one of float32, bf16
            training.momentum: [0.5, 1.5]    | training.momentum is 1.5
            training.learningRat: [0.1]      | training: unknown key 'learningRat'
            training.augmentation.mix: [0.1] | training.augmentation: unknown key 'mix'
            training.warmup.epochs: [1]      | no part 'warmup'
            """)
    void refusesWhatTheTrainingHasNot(String factor, String parts) {
        assertThatThrownBy(() -> Yaml.smoke(Yaml.with("kernel: [3]", "kernel: [3]\n  " + factor)))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("variants.training." + factor.replaceAll("training.([\\w.]+):.*", "$1") + ": ")
                .hasMessageContainingAll(parts.split("  "));
    }

    @Test
    void whatMeasuresHasNoTrainingToVary() {
        String alone = Yaml.MEASURED.replaceAll(" *paper: .*\\n", ""); // no table that knows its factors
        String text = alone.replace("kernel: [3, 31]", "kernel: [3, 31]\n  training.epochs: [1]");
        assertThat(Yaml.smoke(alone).spec().combinations()).hasSize(4);
        assertThatThrownBy(() -> Yaml.smoke(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("training.epochs");
    }

    @Test
    void combinesLevelsInTheOrderOfTheFile() {
        ExperimentSpec spec =
                Yaml.smoke(Yaml.with("kernel: [3]", "kernel: [13, 3]")).spec();
        assertThat(spec.combinations())
                .containsExactly(
                        Map.of("shortcut", "with", "kernel", "13"),
                        Map.of("shortcut", "with", "kernel", "3"),
                        Map.of("shortcut", "without", "kernel", "13"),
                        Map.of("shortcut", "without", "kernel", "3"));
        assertThat(spec.combinations().getFirst().keySet()).containsExactly("shortcut", "kernel");
        Map<String, ?> model = spec.optionsOf(spec.combinations().get(2));
        assertThat(model.get("kernel")).hasToString("13");
        assertThat(model.get("shortcut")).hasToString("false");
        assertThat(model.get("width")).hasToString("0.25");
    }

    @Test
    void onlySomeCombinationsCanBeRun() {
        String text = Yaml.with("kernel: [3]", "kernel: [3, 13]\nonly: [{kernel: 3}, {shortcut: with, kernel: 13}]");
        assertThat(Yaml.smoke(text).spec().combinations())
                .containsExactly(
                        Map.of("shortcut", "with", "kernel", "3"),
                        Map.of("shortcut", "with", "kernel", "13"),
                        Map.of("shortcut", "without", "kernel", "3"));
    }

    @Test
    void theMetricThatDecidesCanBeNamed() {
        Experiment experiment = Yaml.smoke(Yaml.with("scale: Tiny.", "scale: Tiny.\nmetric: test_loss"));
        assertThat(experiment.metric().key()).isEqualTo("test_loss");
        assertThat(Yaml.smoke(Yaml.TEXT).metric().key()).isEqualTo("accuracy");
    }

    @Test
    void thePaperMayGiveADirectionWithoutNumbers() {
        String text = Yaml.with(
                        "{table: table02-shortcut, column: imagenet_top1}", "{place: section 3, standing: recollected}")
                .replace("    ours:", "    direction: down\n    ours:")
                .replace("{gained|lost} {size}", "{gained|lost} some");
        ExperimentSpec spec = Yaml.smoke(text).spec();
        Effect effect = spec.hypotheses().getFirst().measure(List.of(), Reports.metrics(spec), spec.inPaper());
        assertThat(effect.paper()).isEqualTo(PaperEffect.towards(-1, "section 3", Standing.RECOLLECTED));
        assertThat(effect.sentence())
                .endsWith("the paper lost some (recollected: could not be confirmed from a text at hand).");
        assertThat(Reports.comparisons(spec, List.of())).isEmpty();
        assertThatThrownBy(() -> Yaml.smoke(text.replace("{gained|lost} some", "{gained|lost} {size}")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("hypothesis 'kernel 3 without shortcuts': ")
                .hasMessageContaining("the paper gives no number, but its phrase holds {size}");
    }

    @Test
    void factorsMayHaveAnotherNameInThePaper() {
        PaperSource source = Experiments.load("reparam", Profile.SMOKE).spec().paper();
        assertThat(source.row(Map.of("smallKernel", "3x3", "kernel", "9")))
                .isEqualTo(Map.of("reparam_3x3", "yes", "kernel", "9"));
    }

    @Test
    void seedsCanBeSetFromOutside() {
        Experiment more = Yaml.smoke(Yaml.TEXT).withSeeds(7, 1);
        assertThat(more.spec().seeds()).isEqualTo(7);
        assertThat(more.yaml()).contains("seeds: 7").doesNotContain("seeds: 2");
        assertThatThrownBy(() -> more.withSeeds(0, 1)).hasMessageContaining("seeds is 0");
    }

    @Test
    void theSameSeedsChangeNothing() {
        for (String name : Experiments.names()) {
            Experiment full = Experiments.load(name, Profile.FULL);
            assertThat(full.withSeeds(full.spec().seeds(), full.spec().firstSeed()))
                    .as(name)
                    .isEqualTo(full);
        }
    }

    @Test
    void seedsNeedNotBeginWithOne() {
        Experiment later = Yaml.smoke(Yaml.with("seeds: 2", "seeds: 2\n    firstSeed: 11"));
        assertThat(later.spec().seedList()).containsExactly(11L, 12L);
        assertThat(RunPlan.of(later.spec()).stream().map(RunPlan::seed).distinct())
                .containsExactly(11L, 12L);
        assertThat(Yaml.smoke(Yaml.TEXT).spec().seedList()).containsExactly(1L, 2L);
        Experiment pilot = later.withSeeds(3, 101);
        assertThat(pilot.spec().seedList()).containsExactly(101L, 102L, 103L);
        assertThat(pilot.yaml()).contains("seeds: 3\nfirstSeed: 101\n").doesNotContain("firstSeed: 11");
        assertThat(pilot.withSeeds(2, 1).yaml()).doesNotContain("firstSeed");
        assertThatThrownBy(() -> later.withSeeds(2, 0)).hasMessageContaining("firstSeed is 0");
    }

    /** piece of the file | what stands there instead | what the message says, pieces apart by two spaces. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            title: Sh             | titel: Sh                  | unknown key 'titel'; did you mean title?  (line 2)
            epochs: 2             | epoch: 2                   | training: unknown key 'epoch'; did you mean epochs  (line 15)
            training: {epochs: 3} | training: {epochz: 3}      | training: unknown key 'epochz'; did you mean epochs?  (line 31)
            seeds: 3              | sedes: 3                   | unknown key 'sedes'; did you mean seeds?  (line 30)
            width: 0.25           | widht: 0.25                | model: unknown key 'widht'; did you mean width?
            name: fashion-mnist   | nam: fashion-mnist         | data: unknown key 'nam'; did you mean name?
            ours: "It             | our: "It                   | hypotheses[0]: unknown key 'our'; did you mean ours  (line 24)
            name: fashion-mnist   | name: fashion-mnits        | unknown data set 'fashion-mnits'; did you mean fashion-mnist or fashion-cues?
            name: mobilenetv2     | name: mobilnetv2           | unknown model 'mobilnetv2'; did you mean mobilenetv2?
            table02-shortcut      | table02-shortcuts          | unknown table of the paper 'table02-shortcuts'; did you mean table02-shortcut?
            imagenet_top1         | imagenet_top               | unknown column of table02-shortcut 'imagenet_top'; did you mean imagenet_top1?
            smoke:                | smok:                      | unknown profile 'smok'; did you mean smoke?
            kernel: [3]           | kernal: [3]                | model: unknown key 'kernal'; did you mean kernel or kernels?
            of: {shortcut: without| of: {shortcuts: without    | 'shortcuts'; did you mean shortcut?  kernel 3 without shortcuts
            of: {shortcut: without| of: {shortcut: witout      | level of shortcut  'witout'; did you mean without?
            minus: {shortcut: with, kernel: 3} | minus: {shortcut: with, kernel: 13} | level of kernel  '13'  known: 3
            kernel: [3]           | kernel: [3, 4]             | kernel  is 4  odd
            kernel: [3]           | kernel: [3, 3]             | variants.kernel has level 3 twice
            kernel: [3]           | kernel: [[3, 3]]           | variants.kernel: level [3,3] needs a name
            kernel: [3]           | kernel: []                 | variants.kernel has no levels
            kernel: [3]           | kernel:                    | variants.kernel has no levels
            epochs: 2             | epochs: many               | training.epochs is "many" (line 15); it must be a whole number
            epochs: 2             | epochs: 2.5                | training.epochs is 2.5 (line 15)
            epochs: 2             | epochs:                    | training.epochs is missing  (line 15)
            epochs: 5             | epochs: many               | training.epochs is "many" (line 35)
            strides: [1, 2, 1, 1, 1, 1, 1] | strides: [1, 2]   | strides  [1, 2]  7 stages
            lastChannels: 16      | classes: 10                | model.classes follows from the data
            epochs: 2             | epochs: 2\\n  optimiser: sgdd | training.optimiser is "sgdd" (line 16)  one of sgd, adamw
            epochs: 2             | epochs: 2\\n  precision: fp16 | training.precision is "fp16" (line 16)  one of float32, bf16
            epochs: 2             | epochs: 2\\n  momentum: 1.5 | training.momentum is 1.5
            learningRate: 0.02    | clipNorm: 1                | training.learningRate is missing  (line 13)
            width: 0.25           | kernel: 3                  | model.width is missing
            scale: Tiny.          | seeds: 2                   | scale is missing
            scale: Tiny.          | scale: ''                  | scale is missing
            , column: imagenet_top1| ``                        | paper.column is missing
            table: table02-shortcut, | ``                      | paper.table is missing
            {table: table02-shortcut, column: imagenet_top1} | {} | paper needs table and column, or place
            {table: table02-shortcut, column: imagenet_top1} | {place: section 5} | hypothesis 'kernel 3 without shortcuts'  needs direction: up or down
            imagenet_top1         | imagenet_top1, standing: stated | paper.standing is stated
            kernel: [3]           | kernel: [3]\\nonly: [{kernel: 4}] | level of kernel in only: '4'
            kernel: [3]           | kernel: [3]\\nonly: [{}]   | only: {} names no combination
            kernel: [3]           | kernel: [3]\\nonly: [{shortcut: with}] | hypothesis 'kernel 3 without shortcuts' speaks of  which 'only' leaves out
            scale: Tiny.          | scale: Tiny.\\nmetric: acuracy | unknown metric 'acuracy'; did you mean accuracy?
            scale: Tiny.          | scale: Tiny.\\nevaluate: {merg: {}} | evaluate: unknown probe 'merg'; did you mean merge?
            scale: Tiny.          | scale: Tiny.\\nevaluate: {cost: {batc: 1, passes: 1}} | evaluate.cost: unknown key 'batc'; did you mean batch?
            scale: Tiny.          | scale: Tiny.\\nevaluate: {cost: {batch: 0, passes: 1}} | evaluate.cost.batch is 0
            scale: Tiny.          | scale: Tiny.\\nevaluate: {receptive-field: {images: 9}} | evaluate.receptive-field measures  replknet  'mobilenetv2'  ./lab erf
            scale: Tiny.          | scale: Tiny.\\nevaluate: {receptive-field: {images: 0}} | evaluate.receptive-field.images is 0
            scale: Tiny.          | scale: Tiny.\\nevaluate: {shape-bias: {images: 9}} | evaluate.shape-bias needs data  'fashion-cues', not 'fashion-mnist'
            name: kernel 3 without shortcuts | name: ''        | hypotheses.name is missing
            minus: {shortcut: with| minus: {shortcut: without  | hypothesis 'kernel 3 without shortcuts': the paper's difference in table 2 is zero: there is no direction to reproduce
            seeds: 2              | seeds: 0                   | seeds is 0
            seeds: 2              | {}                         | seeds is missing
            title: Shortcuts in small | title: [1              | line
            question: Do they matter? | title: again           | title stands twice: in line 2 and again (line 3)
            epochs: 2             | epochs: '2'                | training.epochs is "2" (line 15)
            epochs: 2             | epochs: 99999999999        | training.epochs is 99999999999 (line 15); it must be a whole number up to 2147483647
            epochs: 2             | epochs: -5                 | training.epochs is -5  (line 15)
            epochs: 2             | epochs: 2\\n  optimiser: 1  | training.optimiser is 1 (line 16)  one of sgd, adamw
            epochs: 2             | epochs: 2\\n  weightDecay: .inf | training.weightDecay is .inf (line 16)  finite
            epochs: 2             | epochs: 2\\n  clipNorm: .nan | training.clipNorm is .nan (line 16)  finite
            learningRate: 0.02    | learningRate: 1e999        | training.learningRate is 1e999 (line 14)  finite
            data: {name: fashion-mnist} | data: fashion-mnist  | data is "fashion-mnist" (line 6); it must be a map
            kernel: [3]           | kernel: [3]\\nonly: {kernel: 3} | only is  (line 20); it must be a list
            {with: true, without: false} | {with: yes, without: no} | shortcut is "yes"; it must be true or false
            {with: true, without: false} | {' ': true, without: false, with: true} | variants.shortcut has a level named ' '  1 to 60 characters
            seeds: 2              | seeds: 2000000000          | seeds is 2000000000; it must be 1 to 100000
            seeds: 2              | seeds: 50001               | 2 combinations of levels  100002 runs; at most 100000
            seeds: 2              | seeds: 2\\n    firstSeed: 9223372036854775807 | firstSeed is 9223372036854775807; it must be at least 1  at most 9007199254740991
            scale: Tiny.          | scale: &a Tiny.\\nmetric: *a  | *a (line 5)  write the value itself
            title: Shortcuts in small | title: !!java.net.URL [x] | tag  (line 2)
            title: Shortcuts in small | "title": "a\\u0007b"   | title: 'a?b' holds the control character U+0007 (line 2)
            title: Shortcuts in small | title: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ | nesting depth
            title: Shortcuts in small | \\t title: x          | line
            """)
    void saysWhatIsWrong(String piece, String other, String message) {
        // A key without a value is an empty cell, which this format reads as null.
        String text = Yaml.with(piece, other == null ? "" : other.replace("\\n", "\n"));
        assertThatThrownBy(() -> Yaml.smoke(text))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(message.split(" {2}"));
    }

    /** piece of the file that measures | what stands there instead | what the message says, pieces apart by two spaces. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: depthwise-layers | name: depthwise-layer    | unknown measurement 'depthwise-layer'; did you mean depthwise-layers?
            name: depthwise-layers | layer: 3                 | measure.name is missing (known: depthwise-layers, network-latency)
            layers: 2              | layer: 2                 | measure: unknown key 'layer'; did you mean layers?
            warmUpMs: 0            | warmUpMs: -1             | warmUpMs is -1
            layers: 2              | layers: 0                | layers is 0
            [ours, fft]            | [ours, ftf]              | unknown implementation 'ftf'; did you mean fft?
            kernel: [3, 31]        | kernel: [3, 31, 4]       | kernel  is 4
            over: {                | minuss: {                | hypotheses[0]: unknown key 'minuss'; did you mean minus?
            measure:               | data: {name: fashion-mnist}\\nmeasure: | leave data, model, training, finetune, search, evaluate and metrics out
            """)
    void saysWhatIsWrongWithAMeasurement(String piece, String other, String message) {
        assertThat(Yaml.MEASURED).contains(piece);
        String text = Yaml.MEASURED.replaceFirst(Pattern.quote(piece), other.replace("\\n", "\n"));
        assertThatThrownBy(() -> Yaml.smoke(text))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(message.split(" {2}"));
    }

    @Test
    void anEffectIsADifferenceOrARatio() {
        assertThatThrownBy(
                        () -> Yaml.smoke(Yaml.MEASURED.replace("    over: {", "    minus: {kernel: 3}\n    over: {")))
                .hasMessageContaining("hypotheses needs one of minus, for a difference, and over, for a ratio");
        Experiment timed = Yaml.smoke(Yaml.MEASURED);
        assertThat(timed.metric().key()).isEqualTo("latency_ms");
        assertThat(timed.spec().isMeasured()).isTrue();
        assertThat(timed.spec().paper().row(Map.of("implementation", "fft", "kernel", "3")))
                .isEqualTo(Map.of("implementation", "pytorch", "kernel", "3"));
    }

    @Test
    void aProfileIsNeitherMissingNorANumber() {
        assertThatThrownBy(() -> Yaml.smoke(Yaml.with("  quick:\n    seeds: 3\n    training: {epochs: 3}\n", "")))
                .hasMessageContaining("profiles.quick is missing");
        assertThatThrownBy(() -> Yaml.smoke(Yaml.with("  smoke:\n    seeds: 2\n", "  smoke: 2\n")))
                .hasMessageContaining("profiles.smoke is 2");
        assertThatThrownBy(() -> Yaml.smoke(Yaml.TEXT.substring(0, Yaml.TEXT.indexOf("profiles:"))))
                .hasMessageContaining("profiles is missing");
        assertThatThrownBy(() -> Yaml.smoke("# nothing\n")).hasMessageContaining("there is nothing in it");
    }

    /** Each file that has the paper's schedule has the paper's network, whatever its other profiles shrink; the others say that they have none. */
    @ParameterizedTest
    @ValueSource(strings = {"shortcut", "reparam", "dilated"})
    void thePapersScheduleIsOfThePapersNetwork(String name) {
        ExperimentSpec spec = Experiments.load(name, Profile.PAPER).spec();
        assertThat(spec.training().epochs()).isEqualTo(100);
        assertThat(spec.search()).isNull();
        assertThat(spec.data().resolution()).isEqualTo(224);
        assertThat(spec.looksAtTestImages())
                .as("ImageNet's validation images are what the paper reports on, and no confirmation is asked for")
                .isFalse();
        Map<String, JsonNode> smallest = spec.optionsOf(spec.combinations().stream()
                .filter(variant -> Objects.equals(variant.get("kernel"), "3")) // dilated or not, as many parameters
                .findFirst()
                .orElseThrow());
        assertThat(new ExperimentModels(spec.classPath())
                        .name(smallest, new ImageShape(224, 224, 3), 1000)
                        .map(architecture -> Architecture.parse(architecture)
                                .network(KernelForm.TRAINING, Initialisation.undefined())
                                .parameterCount()))
                .hasValue(2_636_424L);
        assertThatThrownBy(() -> Experiments.load("shape-bias", Profile.PAPER))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no paper")
                .hasMessageContaining("shape-bias");
    }

    @Test
    void theWholeFileIsCheckedWhateverTheProfile() {
        String text = Yaml.with("      epochs: 5\n", "      epochs: -5\n");
        assertThatThrownBy(() -> Yaml.smoke(text)).hasMessageContaining("training.epochs is -5");
    }

    @Test
    void aFileHoldsOneExperiment() {
        refusedText(Yaml.TEXT + "---\ntitle: another\n", "a second document begins (line");
        refusedText(Yaml.TEXT + "---\n", "a second document begins (line");
        refusedText("- a\n- b\n", "it holds a list; an experiment is a map");
        refusedText("just words", "it holds a single value; an experiment is a map");
    }

    @Test
    void messagesStayInOneLineWhateverATextHolds() {
        refusedText(
                Yaml.TEXT.replace("{gains|loses}", "{gains\\n\\tor loses}"),
                "has the slot {gains??or loses}; allowed are");
    }

    private static void refusedText(String text, String message) {
        assertThatThrownBy(() -> Yaml.smoke(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void lineEndsAndAByteOrderMarkDoNotMatter() {
        Experiment plain = Yaml.smoke(Yaml.TEXT);
        assertThat(Yaml.smoke(Yaml.TEXT.replace("\n", "\r\n")).spec()).isEqualTo(plain.spec());
        assertThat(Yaml.smoke("\uFEFF" + Yaml.TEXT)).isEqualTo(plain);
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Path file = folder.resolve("x.yaml");
        Files.write(file, new byte[] {'a', ':', '\n', (byte) 0xff, '1'});
        refused(file, "x.yaml: line 2 holds the byte 0xFF, which is no UTF-8");
        Files.write(file, new byte[] {'a', ':', ' ', 0, '1'});
        refused(file, "x.yaml: line 1 holds the control character U+0000");
        Files.write(file, new byte[(1 << 20) + 1]);
        refused(file, "longer than 1048576 bytes");
        assertThatThrownBy(() -> Experiments.loadFile(folder, null)).hasMessageContaining("it is a folder");
        refused(folder.resolve("none.yaml"), "no file " + folder);
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> Experiments.loadFile(file, null))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatARunLogsIsAFileThatGivesTheExperimentBack() throws IOException {
        Path file = folder.resolve("experiment.yaml");
        for (String name : Experiments.names()) {
            boolean paper = Files.readString(LabHome.resolve("experiments", name + ".yaml"))
                    .contains("\n  paper:");
            for (Profile profile : paper ? List.of(Profile.values()) : Profile.required()) {
                Experiment experiment = Experiments.load(name, profile).from(file.toString());
                Files.writeString(file, experiment.logged());
                assertThat(Experiments.loadFile(file, null)).as(name).isEqualTo(experiment);
                assertThat(Experiments.loadFile(file, profile)).as(name).isEqualTo(experiment);
            }
        }
        Files.writeString(
                file,
                Experiments.load("shortcut", Profile.FULL).from(file.toString()).logged());
        assertThatThrownBy(() -> Experiments.loadFile(file, Profile.SMOKE))
                .hasMessageContaining("it holds the profile full alone");
    }

    @Test
    void aFileWithoutProfilesIsTheSameInAll() throws IOException {
        String text = Yaml.TEXT.substring(0, Yaml.TEXT.indexOf("profiles:")) + "seeds: 4\n";
        Path file = Files.writeString(folder.resolve("mine.yaml"), text);
        assertThat(Experiments.loadFile(file, Profile.SMOKE).spec())
                .isEqualTo(Experiments.loadFile(file, Profile.FULL).spec());
        assertThat(Experiments.loadFile(file, null))
                .satisfies(mine -> assertThat(mine.name()).isEqualTo("mine"))
                .satisfies(mine -> assertThat(mine.profile()).isEqualTo(Profile.QUICK))
                .satisfies(mine -> assertThat(mine.spec().seeds()).isEqualTo(4));
    }

    /** An experiment's name becomes a folder's. */
    @Test
    void noExperimentIsCalledAsAnotherFolder() throws IOException {
        String logged = Yaml.smoke(Yaml.TEXT).logged();
        Path file = folder.resolve("experiment.yaml");
        for (String name : new String[] {"../x", "..", "a/b", "'a\\b'", "''", "x".repeat(101), "-x"}) {
            Files.writeString(file, logged.replace("\"tiny\"", name));
            refused(file, "an experiment cannot be called");
        }
        assertThatThrownBy(() -> Experiments.load(folder, "../x", Profile.SMOKE))
                .hasMessageContaining("unknown experiment '../x'");
    }

    @Test
    void variantsMustBeAMap() {
        String text = Yaml.with("  shortcut: {with: true, without: false}\n  kernel: [3]\n", "")
                .replace("variants:", "variants: kernel");
        assertThatThrownBy(() -> Yaml.smoke(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("variants");
    }

    @Test
    void findsFilesByNameAndNamesNearOnes() throws IOException {
        Files.writeString(folder.resolve("tiny.yaml"), Yaml.TEXT);
        Files.writeString(folder.resolve("broken.yaml"), Yaml.with("epochs: 2", "epoch: 2"));
        Files.writeString(folder.resolve("notes.txt"), "none");
        assertThat(Experiments.names(folder)).isEqualTo(List.of("broken", "tiny"));
        assertThat(Experiments.load(folder, "tiny", Profile.FULL).spec().seeds())
                .isEqualTo(5);
        assertThatThrownBy(() -> Experiments.load(folder, "tinny", Profile.FULL))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown experiment 'tinny'; did you mean tiny?");
        assertThatThrownBy(() -> Experiments.load(folder, "broken", Profile.FULL))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("broken.yaml: training: unknown key 'epoch'");
    }

    @Test
    void theTimeThatAFileStatesIsTold() {
        String text = "# A title\n# Costs       smoke and quick under 1 min, full 30 to 35 min, on two cores. More.\n";
        assertThat(Experiments.costsIn(text, Profile.SMOKE)).isEqualTo("under 1 min");
        assertThat(Experiments.costsIn(text, Profile.QUICK)).isEqualTo("under 1 min");
        assertThat(Experiments.costsIn(text, Profile.FULL)).isEqualTo("30 to 35 min");
        assertThat(Experiments.costsIn("title: none\n", Profile.FULL)).isEmpty();
    }
}
