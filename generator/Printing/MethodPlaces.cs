using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Printing;

/// <summary>A method that another class has.</summary>
/// <param name="Name">What it would be called here.</param>
/// <param name="Network">The network of the other class.</param>
/// <param name="Class">The other class, with its namespace.</param>
/// <param name="NameThere">What it is called there.</param>
internal sealed record BorrowedMethod(string Name, string Network, string Class, string NameThere);

/// <summary>
/// Where the methods of a class stand. Variants of a network have most kernels in common: those of ResNet-101 are all in ResNet-50. An assembly
/// has one of each, in the class of the network whose name comes first.
/// </summary>
/// <param name="Class">The class, with its namespace.</param>
/// <param name="Borrowed">The methods that it calls in other classes.</param>
/// <param name="Lent">Those of its own that other classes call.</param>
internal sealed record MethodPlaces(string Class, EquatableArray<BorrowedMethod> Borrowed, EquatableArray<string> Lent)
{
    /// <summary>
    /// Characters from which on a kernel is shared. Shorter ones are 60 % of all kernels and a tenth of their text, and read better where they are used.
    /// </summary>
    private const int LeastCode = 2_000;

    /// <summary>Finds the methods that classes have in common.</summary>
    /// <param name="programs">In the order in which classes keep their methods.</param>
    public static EquatableArray<MethodPlaces> Of(IEnumerable<ProgramText> programs)
    {
        var borrowed = new List<(string Class, EquatableArray<BorrowedMethod> Methods)>();
        foreach (IGrouping<int, ProgramText> tier in programs.Where(program => program.MayShare).GroupBy(program => program.Lanes))
        {
            var first = new Dictionary<PrintedMethod, BorrowedMethod>(PrintedMethod.SameCode);
            foreach (ProgramText program in tier)
            {
                var methods = new List<BorrowedMethod>();
                IEnumerable<PrintedMethod> kernels = program.Kernels.Where(kernel => kernel.Length >= LeastCode);

                // Who calls a kernel of another class has to find there what that calls, whatever its length.
                IEnumerable<PrintedMethod> called = program.Kernels.SelectMany(kernel => kernel.AllCalls).Where(call => !call.IsInlined).Distinct();
                foreach (PrintedMethod method in kernels.Concat(called))
                {
                    if (!first.TryGetValue(method, out BorrowedMethod? there))
                    {
                        first.Add(method, new BorrowedMethod("", program.Network, program.FullName, method.Name));
                    }
                    else if (there.Class != program.FullName)
                    {
                        methods.Add(there with { Name = method.Name });
                    }
                }

                borrowed.Add((program.FullName, methods.ToEquatableArray()));
            }
        }

        ILookup<string, string> lent = borrowed.SelectMany(program => program.Methods).ToLookup(method => method.Class, method => method.NameThere);
        return borrowed
            .Select(program => new MethodPlaces(
                program.Class, program.Methods, lent[program.Class].Distinct().OrderBy(name => name, StringComparer.Ordinal).ToEquatableArray()))
            .Where(program => program.Borrowed.Count > 0 || program.Lent.Count > 0).ToEquatableArray();
    }
}
