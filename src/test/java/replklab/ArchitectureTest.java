package replklab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Packages are rooms with one-way doors (docs/design.md): dependencies point down, and nothing points back. */
@AnalyzeClasses(packages = "replklab", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** The rooms from the bottom up; rooms of one floor do not know each other. Every room may use {@code base}. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("base"),
            Set.of("conv", "device"),
            Set.of("tensor"),
            Set.of("nn"),
            Set.of("weights"),
            Set.of("model"),
            Set.of("data", "train", "tracking", "stats", "plot", "table", "chart", "report", "analysis", "onnx"),
            Set.of("bench"),
            Set.of("experiment"),
            Set.of("cluster"),
            Set.of("parity"),
            Set.of("notebook"),
            Set.of("cli"));

    /** Doors between rooms of one floor. */
    private static final Map<String, Set<String>> SIDE_DOORS = Map.of(
            "train", Set.of("data"),
            "table", Set.of("stats"),
            "chart", Set.of("stats", "table", "plot"),
            "report", Set.of("stats", "table", "plot", "chart"),
            "analysis", Set.of("stats", "table"));

    @ArchTest
    static final ArchRule nothing_goes_round_in_circles =
            slices().matching("replklab.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void dependencies_point_down(JavaClasses imported) {
        List<String> below = new ArrayList<>();
        for (Set<String> floor : FLOORS) {
            for (String room : floor) {
                TreeSet<String> allowed = new TreeSet<>(below);
                allowed.add(room);
                allowed.addAll(SIDE_DOORS.getOrDefault(room, Set.of()));
                classes()
                        .that()
                        .resideInAPackage("replklab." + room + "..")
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(packages(allowed)).or(not(resideInAnyPackage("replklab.."))))
                        .because(room + " may use " + allowed + " only (docs/design.md)")
                        .allowEmptyShould(true)
                        .check(imported);
            }
            below.addAll(floor);
        }
    }

    @ArchTest
    static void every_package_has_its_floor(JavaClasses imported) {
        Set<String> rooms = imported.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("replklab."))
                .map(name -> name.split("\\.")[1])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(FLOORS.stream().flatMap(Set::stream)).containsAll(rooms);
    }

    /** Under CUDA an array's memory is elsewhere: one class knows, and asks ND4J for host memory. */
    @ArchTest
    static final ArchRule one_class_knows_where_an_array_lies = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("replklab.tensor.NdArrays")
            .should()
            .callMethodWhere(asksForMemory())
            .because("only replklab.tensor.NdArrays may touch the memory of an INDArray");

    @ArchTest
    static final ArchRule layers_compose_tensor_operations = noClasses()
            .that()
            .resideInAnyPackage("replklab.nn..", "replklab.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.foreign..", "org.nd4j..", "jdk.incubator.vector..")
            .because("a layer is made of tensor operations: memory, ND4J and vectors stay behind Backend")
            .allowEmptyShould(true);

    /** They read what runs left behind: a report can be made again without the networks. */
    @ArchTest
    static final ArchRule reports_know_no_networks = noClasses()
            .that()
            .resideInAnyPackage(
                    "replklab.stats..", "replklab.table..", "replklab.plot..", "replklab.chart..", "replklab.report..")
            .should()
            .dependOnClassesThat(resideInAPackage("replklab..")
                    .and(not(resideInAnyPackage(
                            "replklab.base..",
                            "replklab.stats..",
                            "replklab.table..",
                            "replklab.plot..",
                            "replklab.chart..",
                            "replklab.report.."))))
            .because("statistics, tables, charts and pages use each other and base alone (docs/design.md)");

    /** Charts are drawn with {@code plot}; the notebook shows a user's own XChart charts, whose common type is an internal one. */
    @ArchTest
    static final ArchRule charts_lean_on_no_librarys_internals = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("replklab.notebook.ChartImage")
            .and()
            .doNotHaveFullyQualifiedName("replklab.notebook.NotebookExtension")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.knowm.xchart.internal..")
            .because("two classes name XChart's Chart, and nothing else its internals");

    @ArchTest
    static final ArchRule plots_are_drawn_on_java2d_alone = noClasses()
            .that()
            .resideInAnyPackage("replklab.plot..")
            .should()
            .dependOnClassesThat(not(resideInAnyPackage("java..", "javax.imageio..", "replklab.plot..")))
            .because("the vocabulary of charts knows neither what is drawn nor another library");

    private static String[] packages(Set<String> rooms) {
        return rooms.stream().map(room -> "replklab." + room + "..").toArray(String[]::new);
    }

    private static DescribedPredicate<JavaCall<?>> asksForMemory() {
        Set<String> names = Set.of("pointer", "addressPointer", "address", "asNio", "asNioFloat", "opaqueBuffer");
        return DescribedPredicate.describe("ask an INDArray or its buffer for its memory", call -> {
            CodeUnitCallTarget target = call.getTarget();
            return names.contains(target.getName())
                    && (target.getOwner().isAssignableTo(DataBuffer.class)
                            || target.getOwner().isAssignableTo(INDArray.class));
        });
    }
}
