// A call of Linux that <fcntl.h> declares for GNU sources only, of which Swift's importer is none.
#include <sys/types.h>

int sync_file_range(int descriptor, off_t offset, off_t byteCount, unsigned int flags);
