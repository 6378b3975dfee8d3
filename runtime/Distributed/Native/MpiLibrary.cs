using System;
using System.Collections.Generic;
using System.Text;
using Strata.Distributed.Launching;

namespace Strata.Distributed.Native;

/// <summary>The MPI library of this process. Apart from loading it, all is done on the thread that initialises it.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>More than any library's MPI_MAX_LIBRARY_VERSION_STRING and MPI_MAX_ERROR_STRING.</summary>
    private const int LongestText = 8192;

    /// <summary>More than any library's MPI_Status has.</summary>
    private const int LongestStatus = 256;

    /// <summary>The tag of the messages by which ranks meet. No other messages are sent.</summary>
    private const int MeetingTag = 7;

    /// <summary>Open MPI's setting by which a thread that waits gives its processor to another thread.</summary>
    private const string YieldWhenIdle = "OMPI_MCA_mpi_yield_when_idle";

    private readonly Launcher _launcher;

    private readonly MpiHandles _handles;

    private MpiLibrary(Launcher launcher, nint library)
    {
        _launcher = launcher;
        _handles = MpiHandles.IsOpenMpi(library) ? MpiHandles.OfOpenMpi(library) : MpiHandles.OfMpich;
        MpiFunctions.Use(library);
    }

    /// <summary>The library's name and version, such as "Open MPI v4.1.4".</summary>
    public string Version { get; private set; } = "";

    public int Rank { get; private set; }

    public int Size { get; private set; }

    public int LocalRank { get; private set; }

    public int LocalSize { get; private set; }

    /// <summary>The processors of this process: a share of those that it may use, if others may use them, too.</summary>
    public int Processors { get; private set; }

    /// <summary>Loads the first library that is there.</summary>
    /// <exception cref="MpiException">There is none.</exception>
    public static MpiLibrary Load(Launcher launcher)
    {
        var problems = new List<string>();
        foreach (string name in launcher.Libraries)
        {
            if (OperatingSystem.IsWindows())
            {
                problems.Add($"{name}: MPI on Windows is not supported");
            }
            else if (!DynamicLibrary.TryLoad(name, out nint library, out string problem))
            {
                problems.Add(problem.Contains(name, StringComparison.Ordinal) ? problem : $"{name}: {problem}");
            }
            else if (!MpiHandles.IsMpi(library))
            {
                problems.Add($"{name}: it has no function MPI_Init_thread");
            }
            else
            {
                return new(launcher, library);
            }
        }

        throw new MpiException(
            $"The variable {launcher.Variable} says that this process is one of several that MPI's launcher has started, but there is no "
            + $"usable MPI library:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", problems)}{Environment.NewLine}"
            + $"Install Open MPI or MPICH, or name a library by the variable {Launcher.LibraryVariable}.");
    }

    /// <summary>Initialises MPI. This thread then makes all calls.</summary>
    /// <exception cref="MpiException">It failed, or the library is not that of the launcher.</exception>
    public void Initialize()
    {
        Version = ReadVersion();
        int done;
        Check(MpiFunctions.Initialized(&done), "MPI_Initialized");
        if (done != 0)
        {
            throw new MpiException("MPI has been initialised in this process already, and can be only once.");
        }

        // The threads that compute may have this thread's processor while it waits for other ranks.
        if (!OperatingSystem.IsWindows())
        {
            LibraryVariables.SetUnlessSet(YieldWhenIdle, "1");
        }

        int provided;
        Check(MpiFunctions.InitThread(null, null, MpiHandles.Funneled, &provided), "MPI_Init_thread");
        Check(MpiFunctions.SetErrorHandler(_handles.World, _handles.ErrorsReturn), "MPI_Comm_set_errhandler");
        int rank, size;
        Check(MpiFunctions.Rank(_handles.World, &rank), "MPI_Comm_rank");
        Check(MpiFunctions.Size(_handles.World, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        if (provided < MpiHandles.Funneled)
        {
            throw new MpiException($"{Version} has no support for threads, not even for one besides the main thread.");
        }

        if (_launcher.Ranks > 0 && _launcher.Ranks != size)
        {
            throw new MpiException(
                $"The launcher started {_launcher.Ranks} processes (by {_launcher.Variable}), but {Version} sees {size}. It is not the "
                + $"launcher's library. Use mpirun or mpiexec of the same MPI, or name the right library by {Launcher.LibraryVariable}; "
                + "with srun, try --mpi=pmix or --mpi=pmi2.");
        }

        FindLocalRanks();
    }

    public static void Complete() => Check(MpiFunctions.FinalizeLibrary(), "MPI_Finalize");

    /// <summary>Ends all processes of the job. It should not return.</summary>
    public void Abort(int code) => _ = MpiFunctions.Abort(_handles.World, code);

    public void SumFloats(void* values, int count) => Check(
        MpiFunctions.AllReduce(_handles.InPlace, values, count, _handles.Float, _handles.Sum, _handles.World), "MPI_Allreduce");

    public void SumDoubles(void* values, int count) => Check(
        MpiFunctions.AllReduce(_handles.InPlace, values, count, _handles.Double, _handles.Sum, _handles.World), "MPI_Allreduce");

    public void Broadcast(void* values, int bytes, int root) =>
        Check(MpiFunctions.Broadcast(values, bytes, _handles.Byte, root, _handles.World), "MPI_Bcast");

    public void Barrier() => Check(MpiFunctions.Barrier(_handles.World), "MPI_Barrier");

    /// <summary>Begins a meeting: tells all other ranks that this one is there, and waits for theirs.</summary>
    public Meeting BeginMeeting()
    {
        var meeting = new Meeting(Size);
        for (int rank = 0; rank < Size; rank++)
        {
            if (rank != Rank)
            {
                nint send, receive;
                Check(MpiFunctions.BeginReceive(null, 0, _handles.Byte, rank, MeetingTag, _handles.World, &receive), "MPI_Irecv");
                Check(MpiFunctions.BeginSend(null, 0, _handles.Byte, rank, MeetingTag, _handles.World, &send), "MPI_Isend");
                (meeting.Sends[rank], meeting.Receives[rank]) = (send, receive);
            }
        }

        return meeting;
    }

    /// <summary>Looks who has come to a meeting.</summary>
    /// <returns>The ranks that have not.</returns>
    public int[] MissingFrom(Meeting meeting)
    {
        var missing = new List<int>();
        for (int rank = 0; rank < Size; rank++)
        {
            if (!IsDone(ref meeting.Receives[rank]) | !IsDone(ref meeting.Sends[rank]))
            {
                missing.Add(rank);
            }
        }

        return [.. missing];
    }

    /// <summary>Whether an operation has ended. Its request is 0 from then on.</summary>
    private static bool IsDone(ref nint request)
    {
        if (request == 0)
        {
            return true;
        }

        byte* status = stackalloc byte[LongestStatus];
        int flag = 0;
        fixed (nint* pointer = &request)
        {
            Check(MpiFunctions.Test(pointer, &flag, status), "MPI_Test");
        }

        request = flag != 0 ? 0 : request;
        return flag != 0;
    }

    private static void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new MpiException($"{function} failed: {Describe(code)}");
        }
    }

    private static string Describe(int code)
    {
        byte* text = stackalloc byte[LongestText];
        int length = 0;
        return MpiFunctions.ErrorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : $"code {code}";
    }

    private static string ReadVersion()
    {
        byte* text = stackalloc byte[LongestText];
        int length = 0;
        if (MpiFunctions.GetLibraryVersion(text, &length) != 0)
        {
            return "the MPI library";
        }

        // Open MPI: "Open MPI v4.1.4, package: …". MPICH: "MPICH Version:	4.0.2", and how it was built in further lines.
        string first = Encoding.UTF8.GetString(text, length).Split('\n', ',', '\0')[0];
        return first.Replace(" Version:", "", StringComparison.Ordinal).Replace('\t', ' ').Trim();
    }

    /// <summary>The ranks of this machine: those that can share memory.</summary>
    private void FindLocalRanks()
    {
        nint local = 0;
        int rank, size;
        Check(MpiFunctions.SplitType(_handles.World, _handles.SharedMemory, Rank, _handles.NoInformation, &local), "MPI_Comm_split_type");
        Check(MpiFunctions.Rank(local, &rank), "MPI_Comm_rank");
        Check(MpiFunctions.Size(local, &size), "MPI_Comm_size");
        ProcessorSet own = ProcessorSet.OfThisProcess(), all = own;
        double sum = own.Count;
        Check(MpiFunctions.AllReduce(_handles.InPlace, &all, ProcessorSet.Bytes, _handles.Byte, _handles.Or, local), "MPI_Allreduce");
        Check(MpiFunctions.AllReduce(_handles.InPlace, &sum, 1, _handles.Double, _handles.Sum, local), "MPI_Allreduce");
        Processors = ProcessorSet.Share(Environment.ProcessorCount, own.Count, all.Count, (int)sum, size);
        Check(MpiFunctions.Free(&local), "MPI_Comm_free");
        (LocalRank, LocalSize) = (rank, size);
    }
}
