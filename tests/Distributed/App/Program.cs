using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Distributed.App;

/// <summary>What a rank does in a test: the first argument is what, the second which rank is to fail.</summary>
internal static class Program
{
    /// <summary>
    /// The commands of tests: see there. "benchmark" measures; "compare ROUNDS" runs it in turn with the program in C, without a launcher:
    /// <c>dotnet run -c Release --project tests/Distributed/App -- compare 5</c>.
    /// </summary>
    private static int Main(string[] arguments)
    {
        string command = arguments[0];
        if (command is "absent" or "late")
        {
            return Training.Miss(command, int.Parse(arguments[1], CultureInfo.InvariantCulture));
        }

        if (command == "train")
        {
            return Training.Run(arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture));
        }

        int failing = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : -1;
        switch (command)
        {
            case "caught":
                // As many programs do. The exception leaves the block of the world, which must not wait for the other ranks.
                try
                {
                    Fail("throw", failing);
                    return 0;
                }
                catch (InvalidOperationException exception)
                {
                    Console.WriteLine($"caught: {exception.Message}");
                    return 3;
                }

            case "async":
                FailAsync(failing).GetAwaiter().GetResult();
                return 0;
            case "compare":
                return Comparison.Run(Math.Max(1, failing));
            case "benchmark":
                Benchmark.Run();
                return 0;
            case "sums":
                return Sum();
            default:
                return command == "check" ? Check() : Fail(command, failing);
        }
    }

    /// <summary>Sums alone.</summary>
    private static int Sum()
    {
        using MpiWorld world = MpiWorld.Start();
        Print(world, $"threads {Environment.ProcessorCount} {world.Threads}");
        Print(world, $"floats {Checks.SumsOfFloats(world)}");
        Print(world, $"doubles {Checks.SumsOfDoubles(world)}");
        return 0;
    }

    private static int Check()
    {
        using MpiWorld world = MpiWorld.Start();
        Print(world, $"world {world.Rank} of {world.Size}, local {world.LocalRank} of {world.LocalSize}, library {world.Library}");
        Print(world, $"threads {Environment.ProcessorCount}");
        Print(world, $"floats {Checks.SumsOfFloats(world)}");
        Print(world, $"doubles {Checks.SumsOfDoubles(world)}");
        Print(world, $"broadcast {Checks.Broadcasts(world)}");
        Print(world, $"order {Checks.ManyInOrder(world)}");
        Print(world, $"full {Checks.MoreThanTheQueueHolds(world)}");
        Print(world, $"allocated {Checks.AllocatedByOperations(world)}");
        Print(world, $"mapped {Checks.MappedLibraries()}");
        Print(world, $"faults {Checks.FaultsThatDotNetHandles()}");
        world.Barrier();
        Print(world, "done");
        return 0;
    }

    private static int Fail(string command, int failing)
    {
        using MpiWorld world = MpiWorld.Start();
        Print(world, $"process {Environment.ProcessId}");
        world.Barrier();
        Print(world, "ready");
        if (world.Rank == failing)
        {
            switch (command)
            {
                case "abort":
                    world.Abort("the loss is not finite");
                    break;
                case "throw":
                    throw new InvalidOperationException("thrown by a test");
                case "thread":
                    new Thread(() => throw new InvalidOperationException("thrown by a test")).Start();
                    Thread.Sleep(Timeout.Infinite);
                    break;
                case "exit":
                    Environment.Exit(7);
                    break;
                case "busy":
                    // The thread of MPI is inside of a call that does not end.
                    _ = world.BeginAllReduce(new float[1000]);
                    Thread.Sleep(500);
                    world.Abort("the loss is not finite");
                    break;
            }
        }

        // The other ranks wait for one that never comes.
        if (command != "busy")
        {
            world.Wait(world.BeginAllReduce(new float[1000]));
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static async Task FailAsync(int failing)
    {
        using MpiWorld world = MpiWorld.Start();
        await Task.Yield();
        world.Barrier();
        if (world.Rank == failing)
        {
            throw new InvalidOperationException("thrown by a test");
        }

        world.Barrier();
    }

    /// <summary>In one piece, so that the ranks' lines do not mix.</summary>
    public static void Print(MpiWorld world, string text)
    {
        Console.Out.Write($"[{world.Rank}] {text}\n");
        Console.Out.Flush();
    }
}
