using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Text;

/// <summary>Finds which arguments of a block differ between its uses, and makes parameters of them.</summary>
internal sealed class BlockArguments
{
    private static readonly string[] Last = ["kernel", "stride", "padding", "dilation", "groups", "bias", "epsilon"];
    private static readonly string[] Reserved = ["Name", "From", "Frozen", "Repeat", "TypeId"];

    /// <summary>The most parameters of a block. With more, its uses have too little in common.</summary>
    private const int MostParameters = 16;

    private readonly IReadOnlyList<Region> _uses;
    private readonly List<Variable> _variables = [];
    private readonly Dictionary<(int Unit, int Place), Variable> _variableAt = [];

    private BlockArguments(IReadOnlyList<Region> uses) =>
        (_uses, Stems) = (uses, [.. uses.Select(use => Signature.StemOf(use.Units, use.Prefix))]);

    /// <summary>What the names begin with at each use.</summary>
    public IReadOnlyList<string> Stems { get; }

    public IReadOnlyList<BlockParameter> Parameters { get; private set; } = [];

    /// <summary>The text of each argument of each unit; null where it is left out.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Texts { get; private set; } = [];

    /// <summary>The parameters, and the text of each argument of each unit. Null if there were too many parameters.</summary>
    /// <param name="uses">The uses.</param>
    public static BlockArguments? Find(IReadOnlyList<Region> uses)
    {
        var arguments = new BlockArguments(uses);
        IReadOnlyList<Unit> units = uses[0].Units;
        for (int i = 0; i < units.Count; i++)
        {
            for (int j = 0; j < units[i].Slots.Count; j++)
            {
                arguments.Add(i, j);
            }

            if (arguments._variables.Count > 2 * MostParameters)
            {
                return null;
            }
        }

        arguments.Finish(units);
        return arguments.Parameters.Count > MostParameters ? null : arguments;
    }

    private void Finish(IReadOnlyList<Unit> units)
    {
        Derive();
        VariableNames.Give(_variables, units, _uses[0].Output);
        List<BlockParameter> parameters =
        [
            .. _variables.Where(variable => variable.Text is null)
                .OrderBy(variable => variable.Default is null ? 0 : 1)
                .ThenBy(variable => Array.IndexOf(Last, variable.Role))
                .Select(variable => new BlockParameter(variable.Name, variable.Values, variable.Default)),
        ];
        if (Stems.Distinct().Count() > 1)
        {
            int place = parameters.FindIndex(parameter => parameter.Default is not null);
            parameters.Insert(place < 0 ? parameters.Count : place, new BlockParameter("Stem", [.. Stems], null));
        }

        Parameters = parameters;
        Texts = [.. units.Select((unit, i) => (IReadOnlyList<string?>)[.. unit.Slots.Select((_, j) => Text(i, j))])];
    }

    private void Add(int unit, int place)
    {
        object[] values = [.. _uses.Select(use => use.Units[unit].Slots[place].Value)];
        if (values.All(value => value.Equals(values[0])))
        {
            return;
        }

        Slot slot = _uses[0].Units[unit].Slots[place];
        Variable? variable = _variables.Find(other => other.Values.SequenceEqual(values));
        if (variable is null)
        {
            variable = new Variable(values);
            _variables.Add(variable);
        }

        variable.Add(unit, place, slot);
        _variableAt.Add((unit, place), variable);
    }

    /// <summary>Writes what is always a multiple of another parameter, and what pads a kernel to keep the extents, as formulas.</summary>
    private void Derive()
    {
        Variable[] numbers = [.. _variables.Where(variable => variable.Values[0] is int).OrderByDescending(variable => variable.Values[0])];
        foreach (Variable variable in numbers)
        {
            // What others are multiples of has to be a parameter.
            if (numbers.Any(other => other.Formula?.Basis == variable))
            {
                continue;
            }

            foreach (Variable basis in numbers.Where(basis => basis != variable && basis.Formula is null))
            {
                int factor = (int)basis.Values[0] > 0 ? (int)variable.Values[0] / (int)basis.Values[0] : 0;
                if (variable.IsChannels && basis.IsChannels && factor > 1 && Always(variable, basis, value => factor * value))
                {
                    variable.Formula = (factor, basis);
                    break;
                }

                if (variable.Role == "padding" && basis.Role == "kernel" && Always(variable, basis, value => value / 2))
                {
                    variable.Formula = (0, basis);
                    break;
                }
            }
        }
    }

    private static bool Always(Variable variable, Variable basis, Func<int, int> formula) =>
        variable.Values.Zip(basis.Values).All(pair => (int)pair.First == formula((int)pair.Second));

    private string? Text(int unit, int place)
    {
        Slot slot = _uses[0].Units[unit].Slots[place];
        Variable? variable = _variableAt.GetValueOrDefault((unit, place));
        return variable is null ? slot.Literal : variable.Text ?? variable.Name;
    }

    /// <summary>A value that differs between uses.</summary>
    internal sealed class Variable(IReadOnlyList<object> values)
    {
        private string _name = "";

        public IReadOnlyList<object> Values { get; } = values;

        /// <summary>The units and the places of their arguments that have it.</summary>
        public List<(int Unit, int Place)> Places { get; } = [];

        /// <summary>What it is for: filters, stride.</summary>
        public string Role { get; private set; } = "";

        /// <summary>Whether it is a number of channels.</summary>
        public bool IsChannels { get; private set; }

        /// <summary>The value that may be left out; null if there is none.</summary>
        public object? Default { get; private set; }

        /// <summary>A factor and another variable; with a factor of 0, half of it.</summary>
        public (int Factor, Variable Basis)? Formula { get; set; }

        /// <summary>The constant's name.</summary>
        public string Name
        {
            get => _name;
            set => _name = Reserved.Contains(value) ? value + "Value" : value;
        }

        /// <summary>The formula; null if it is a parameter.</summary>
        public string? Text => Formula is not var (factor, basis) ? null
            : factor == 0 ? $"{basis.Name} / 2" : $"{Numerals.Format(factor)} * {basis.Name}";

        public void Add(int unit, int place, Slot slot)
        {
            bool isChannels = slot.Role is "filters" or "inputs" or "hidden" or "units" or "squeeze" or "middle" or "start" or "end"
                || slot.Role.StartsWith("branch", StringComparison.Ordinal) || slot.Role.StartsWith("reduce", StringComparison.Ordinal)
                || slot.Role.StartsWith("filters", StringComparison.Ordinal);
            if (Places.Count == 0 || (isChannels && !IsChannels))
            {
                Role = slot.Role;
            }

            IsChannels |= isChannels;
            bool isOptional = Places.Count == 0 && slot.Default is not null && Values.Contains(slot.Default);
            Default = isOptional ? slot.Default : IsChannels ? null : Default;
            Places.Add((unit, place));
        }
    }
}
