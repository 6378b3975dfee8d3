using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>
/// The functions that kernels of a class call, as its methods. A function's own name is a suggestion: users choose names of operators,
/// which may be those of other functions.
/// </summary>
internal sealed class PrintedFunctions
{
    private readonly HashSet<string> _taken = [];
    private readonly Dictionary<DefinedFunction, string> _names = [];

    /// <summary>The methods that have been printed.</summary>
    public Dictionary<DefinedFunction, PrintedMethod> Methods { get; } = [];

    /// <summary>The name of a function's method. Methods of one name have different parameters.</summary>
    public string NameOf(DefinedFunction function)
    {
        if (!_names.TryGetValue(function, out string? name))
        {
            string parameters = string.Join(", ", function.Nest.Parameters.Select(parameter => parameter switch
            {
                PointerParameter { Pointer: var pointer } => $"ref {ExpressionPrinter.TypeOf(pointer.Element)}",
                ValueParameter value => ExpressionPrinter.TypeOf(value.Type),
                _ => "",
            }));
            name = function.Name;
            for (int i = 2; !_taken.Add($"{name}({parameters})"); i++)
            {
                name = $"{function.Name}_{i.ToString(CultureInfo.InvariantCulture)}";
            }

            _names.Add(function, name);
        }

        return name;
    }
}
