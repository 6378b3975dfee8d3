/* MPI_Allreduce without anything around it: what tests/Distributed/App (benchmark) is compared with. Same buffers, counts and warm-up.
   mpicc -O2 allreduce.c -o allreduce; mpirun -n 2 ./allreduce */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

int main(int argc, char** argv)
{
    MPI_Init(&argc, &argv);
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    for (long bytes = 4096; bytes <= 64L << 20; bytes *= 4)
    {
        int count = (int)(bytes / 4), times = (int)((256L << 20) / bytes);
        times = times > 4000 ? 4000 : times;
        float* values = aligned_alloc(4096, bytes);
        for (int i = 0; i < count; i++)
        {
            values[i] = 0;
        }

        for (int i = 0; i < times / 4; i++)
        {
            MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        }

        MPI_Barrier(MPI_COMM_WORLD);
        double start = now();
        for (int i = 0; i < times; i++)
        {
            MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        }

        double time = (now() - start) / times;
        if (rank == 0)
        {
            printf("raw %ld %.3f\n", bytes, time);
            fflush(stdout);
        }

        free(values);
    }

    MPI_Finalize();
    return 0;
}
