using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Strata.Generator.Printing;

/// <summary>A method that is in another class.</summary>
/// <param name="Name">The name that it would have here.</param>
/// <param name="Network">The network of the other class.</param>
/// <param name="Class">The other class, with its namespace.</param>
/// <param name="NameThere">Its name there.</param>
internal sealed record BorrowedMethod(string Name, string Network, string Class, string NameThere);

/// <summary>The methods that a class calls in other classes, instead of having a copy.</summary>
/// <remarks>
/// Variants of a network have most kernels in common. All kernels of ResNet-101 are in ResNet-50, and a program with weights in bfloat16
/// has those of the program without. An assembly has one copy of each, in the class of the network whose name comes first. So an edit of a
/// network can move kernels of the networks after it, but not of those before it.
/// </remarks>
/// <param name="Class">The class, with its namespace.</param>
/// <param name="Methods">The methods that it calls in other classes.</param>
internal sealed record BorrowedMethods(string Class, EquatableArray<BorrowedMethod> Methods)
{
    /// <summary>
    /// The fewest characters of a kernel that is shared. Shorter ones are 60 % of all kernels, but only a tenth of their text, and are
    /// easier to read beside their calls.
    /// </summary>
    private const int LeastCode = 2_000;

    /// <summary>Whether a kernel is long enough to be shared among classes.</summary>
    public static bool MayMove(PrintedMethod kernel) => kernel.Length >= LeastCode;

    /// <summary>Finds the methods that classes have in common.</summary>
    /// <param name="programs">In the order in which classes keep their methods.</param>
    public static EquatableArray<BorrowedMethods> Find(IEnumerable<ProgramText> programs, CancellationToken cancellationToken)
    {
        var borrowed = new List<BorrowedMethods>();
        foreach (IGrouping<int, ProgramText> tier in programs.Where(program => program.MayShare).GroupBy(program => program.Lanes))
        {
            var owners = new Dictionary<PrintedMethod, (ProgramText Program, string Name)>(PrintedMethod.SameCode);
            foreach (ProgramText program in tier)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var methods = new List<BorrowedMethod>();
                PrintedMethod[] ofProgram = [.. program.Kernels.Where(kernel => !program.IsNarrow(kernel))];
                IEnumerable<PrintedMethod> kernels = ofProgram.Where(MayMove);

                // Methods that kernels call, however short they are. The list of kernels for the JIT names them, too, also where their
                // kernel is in another class.
                IEnumerable<PrintedMethod> called = ofProgram.SelectMany(kernel => kernel.AllCalls)
                    .Where(call => !call.IsInlined).Distinct();
                foreach (PrintedMethod method in kernels.Concat(called))
                {
                    if (!owners.TryGetValue(method, out (ProgramText Program, string Name) owner))
                    {
                        owners.Add(method, (program, method.Name));
                    }
                    else if (owner.Program != program)
                    {
                        methods.Add(new BorrowedMethod(method.Name, owner.Program.Network, owner.Program.KernelClassName, owner.Name));
                    }
                }

                if (methods.Count > 0)
                {
                    borrowed.Add(new BorrowedMethods(program.KernelClassName, methods.ToEquatableArray()));
                }
            }
        }

        return borrowed.ToEquatableArray();
    }
}
