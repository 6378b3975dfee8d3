using System.Runtime.InteropServices;

namespace Strata.Distributed.Native;

/// <summary>The values that mpi.h gives to names.</summary>
internal readonly struct MpiHandles
{
    /// <summary>MPI_THREAD_FUNNELED: one thread makes all calls.</summary>
    public const int Funneled = 1;

    public nint World { get; private init; }

    public nint Float { get; private init; }

    public nint Double { get; private init; }

    public nint Byte { get; private init; }

    public nint Sum { get; private init; }

    /// <summary>The operation "bitwise or".</summary>
    public nint Or { get; private init; }

    /// <summary>In place of what is sent: it is where the result goes.</summary>
    public nint InPlace { get; private init; }

    /// <summary>Functions return their errors, instead of ending the process.</summary>
    public nint ErrorsReturn { get; private init; }

    public nint NoInformation { get; private init; }

    /// <summary>The kind of split that puts together the ranks of a machine.</summary>
    public int SharedMemory { get; private init; }

    /// <summary>Whether a library is Open MPI, by a symbol that no other has.</summary>
    public static bool IsOpenMpi(nint library) => NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _);

    /// <summary>Whether a library has MPI's functions at all.</summary>
    public static bool IsMpi(nint library) => NativeLibrary.TryGetExport(library, "MPI_Init_thread", out _);

    /// <summary>Open MPI's handles are addresses of variables.</summary>
    public static MpiHandles OfOpenMpi(nint library) => new()
    {
        World = NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
        Float = NativeLibrary.GetExport(library, "ompi_mpi_float"),
        Double = NativeLibrary.GetExport(library, "ompi_mpi_double"),
        Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte"),
        Sum = NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
        Or = NativeLibrary.GetExport(library, "ompi_mpi_op_bor"),
        InPlace = 1,
        ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return"),
        NoInformation = NativeLibrary.GetExport(library, "ompi_mpi_info_null"),
        SharedMemory = 0,
    };

    /// <summary>Numbers of MPICH's binary interface, which Intel MPI, Cray MPI and MVAPICH share.</summary>
    public static MpiHandles OfMpich => new()
    {
        World = 0x44000000,
        Float = 0x4c00040a,
        Double = 0x4c00080b,
        Byte = 0x4c00010d,
        Sum = 0x58000003,
        Or = 0x58000008,
        InPlace = -1,
        ErrorsReturn = 0x54000001,
        NoInformation = 0x1c000000,
        SharedMemory = 1,
    };
}
