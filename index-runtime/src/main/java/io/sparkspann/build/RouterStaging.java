package io.sparkspann.build;

import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;

/**
 * The router on its way to the tasks: a router file in which nodes and heads may not be counted
 * yet.
 */
final class RouterStaging {
    private RouterStaging() {}

    /** Writes a router whose shards have no nodes and heads so far. */
    static FileEntry write(BuildContext context, Router router) {
        int[] none = new int[router.shardCount() + 1];
        return write(context, new RouterFile.Content(router, none, none));
    }

    static FileEntry write(BuildContext context, RouterFile.Content content) {
        try (SpnWriter out =
                SpnWriter.create(
                        context.storage(),
                        context.routerPath(),
                        context.header(FileKind.ROUTER, 0))) {
            RouterFile.write(out, content);
            return out.finish();
        }
    }

    static Router read(BuildContext context, FileEntry file) {
        return readContent(context, file).router();
    }

    static RouterFile.Content readContent(BuildContext context, FileEntry file) {
        try (SpnFile opened =
                SpnFile.open(context.storage(), file, context.scan().contentId(), 0)) {
            return RouterFile.read(opened, context.space().geometry());
        }
    }
}
