package replklab.base;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Keeps the Java heap near what lives in it. The serial collector, which our programs run with, looks for garbage among what has become
 * old only when the heap may not grow any more, and by default that is at a quarter of the machine's memory: a program that reads
 * images, of which some are always in hand when it clears away the young ones, would fill that within minutes. So it is asked to look when
 * the old have doubled since it last did, and {@value #SLACK_MIB} MiB.
 */
public final class HeapLevel {
    static final long SLACK_MIB = 192;

    private static final String OLD = "Tenured Gen";

    private static final AtomicBoolean KEPT = new AtomicBoolean();

    private HeapLevel() {}

    /** Begins to look after the heap, once, for as long as the program runs. Does nothing with another collector. */
    public static void keep() {
        if (KEPT.getAndSet(true)) {
            return;
        }
        Watch watch = new Watch();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(watch, null, null);
            }
        }
    }

    private static final class Watch implements NotificationListener {
        /** Bytes of the old that lived when the collector last looked. */
        private final AtomicLong lived = new AtomicLong();

        @Override
        public void handleNotification(Notification notification, Object handback) {
            if (!(notification.getUserData() instanceof CompositeData data)
                    || !notification
                            .getType()
                            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                return;
            }
            GarbageCollectionNotificationInfo collection = GarbageCollectionNotificationInfo.from(data);
            Map<String, MemoryUsage> after = collection.getGcInfo().getMemoryUsageAfterGc();
            if (!after.containsKey(OLD)) {
                return;
            }
            long used = after.get(OLD).getUsed();
            if (collection.getGcAction().equals("end of major GC")) {
                lived.set(used);
            } else if (used > 2 * lived.get() + (SLACK_MIB << 20)) {
                System.gc();
            }
        }
    }
}
