package replklab.notebook;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ForkJoinWorkerThread;
import replklab.base.Interrupts;

/**
 * Makes the Java of a cell end when it is told to. Java has no way to stop a thread, so a call of {@link #check} is woven into what
 * a cell compiles to, at the beginning of each method and before each jump backwards: as JShell's own local execution does it.
 * What is not woven, such as the library and the JDK, ends by itself, and so does a training with its step in hand, whatever the
 * cells' classes have to do in it.
 */
public final class StopChecks {
    private static final ClassDesc SELF = ClassDesc.of(StopChecks.class.getName());

    private static final Set<Thread> STOPPED = new CopyOnWriteArraySet<>();
    private static volatile boolean any;
    private static volatile Thread helped;

    /** What the woven classes extend: whoever verifies them must know. */
    private final Map<ClassDesc, ClassHierarchyResolver.ClassHierarchyInfo> known = new ConcurrentHashMap<>();

    private final ClassFile classFile;

    StopChecks(ClassLoader loader) {
        ClassHierarchyResolver resolver = ((ClassHierarchyResolver) known::get)
                .orElse(ClassHierarchyResolver.defaultResolver())
                .orElse(ClassHierarchyResolver.ofClassLoading(loader));
        classFile = ClassFile.of(ClassHierarchyResolverOption.of(resolver));
    }

    /** What a thread throws that is stopped; no {@code catch (Exception e)} of a cell keeps it. */
    static final class CellStopped extends Error {
        private static final long serialVersionUID = 1;

        CellStopped() {
            super("interrupted");
        }
    }

    /** Called by the classes of cells; goes on unless this thread is to stop, or works for one that is. */
    public static void check() {
        if (any) {
            stop(Thread.currentThread());
        }
    }

    private static void stop(Thread thread) {
        // A parallel stream's workers, and the library's helpers, work for the cell that waits for them.
        boolean helps =
                thread instanceof ForkJoinWorkerThread || thread.getName().startsWith("replklab-");
        Thread stopped = helps ? helped : thread;
        if (stopped != null && STOPPED.contains(stopped) && !Interrupts.isInOrder(stopped)) {
            throw new CellStopped();
        }
    }

    /** From now on the thread ends where it comes to a check, and so does who helps it. */
    static void demand(Thread thread, boolean itsHelpers) {
        STOPPED.add(thread);
        helped = itsHelpers ? thread : null;
        any = true;
    }

    static void goOn(Thread thread) {
        STOPPED.remove(thread);
        helped = null;
        any = !STOPPED.isEmpty();
    }

    /** Must be known before any of the classes that come together is woven: they name each other. */
    void learn(byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        Optional<ClassDesc> parent = model.superclass().map(ClassEntry::asSymbol);
        known.put(
                model.thisClass().asSymbol(),
                model.flags().has(AccessFlag.INTERFACE)
                        ? ClassHierarchyResolver.ClassHierarchyInfo.ofInterface()
                        : ClassHierarchyResolver.ClassHierarchyInfo.ofClass(parent.orElse(ConstantDescs.CD_Object)));
    }

    /** The class with its checks; as it is where that cannot be done, since a cell that cannot be stopped is better than none. */
    byte[] weave(byte[] bytes) {
        try {
            return classFile.transformClass(
                    classFile.parse(bytes),
                    ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Weaver::new)));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return bytes;
        }
    }

    private static final class Weaver implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();

        @Override
        public void atStart(CodeBuilder builder) {
            check(builder);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof LabelTarget target) {
                passed.add(target.label());
            } else if (element instanceof BranchInstruction branch && passed.contains(branch.target())) {
                check(builder);
            }
            builder.with(element);
        }

        private static void check(CodeBuilder builder) {
            builder.invokestatic(SELF, "check", ConstantDescs.MTD_void);
        }
    }
}
