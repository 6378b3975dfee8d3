using System;
using System.Collections.Generic;
using System.Numerics;

namespace Strata.Weights;

/// <summary>
/// Reads a pickle, Python's format of objects: a program for a machine with a stack and a memo. Here it makes plain data only. The names
/// that it may use are a closed list (<see cref="IPickleVocabulary"/>), and what they stand for is ours: no type, no function and no
/// module is ever looked up by a name from a file. The time is linear in the pickle's length; so is memory. There is no recursion, and
/// no key is hashed, so that nesting does no harm.
/// </summary>
/// <remarks>
/// Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
/// <see cref="byte"/> arrays, arrays (tuples), lists (also sets), <see cref="PickleDictionary"/>, <see cref="PickleObject"/>, and what the
/// vocabulary makes.
/// </remarks>
internal sealed class PickleMachine
{
    /// <summary>The most values that are kept at once, on the stack or in the memo.</summary>
    public const int MostValues = 4_000_000;

    private const int NewestProtocol = 5, LongestName = 200;

    // Small numbers and truth values, which are the most frequent ones, are boxed once.
    private static readonly object True = true, False = false;
    private static readonly object[] Small = Box(256);

    private readonly PickleInput _input;
    private readonly IPickleVocabulary _vocabulary;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];
    private long _place;

    private PickleMachine(PickleInput input, IPickleVocabulary vocabulary) => (_input, _vocabulary) = (input, vocabulary);

    /// <summary>Reads the pickle at the input's position; afterwards the input is behind it.</summary>
    public static object? Read(PickleInput input, IPickleVocabulary vocabulary) => new PickleMachine(input, vocabulary).Run();

    private object? Run()
    {
        do
        {
            _place = _input.Position;
        }
        while (Step((char)_input.ReadByte()));

        return _stack.Count == 1 && _marks.Count == 0 ? _stack[0]
            : throw Damaged($"it ends with {MessageText.Count(_stack.Count, "value")} instead of one");
    }

    /// <summary>Does what one code says. False at the end of the pickle.</summary>
    private bool Step(char code)
    {
        if (code == '.')
        {
            return false;
        }

        return PushesNumber(code) || PushesText(code) || TakesValues(code) || MakesCollection(code) || FillsCollection(code)
            || UsesMemo(code) || Calls(code) ? true : throw Damaged($"code 0x{(int)code:X2} is none that torch.save writes");
    }

    /// <summary>The protocol, and constants and numbers.</summary>
    private bool PushesNumber(char code)
    {
        switch (code)
        {
            case '\x80':
                Check(_input.ReadByte() is >= 2 and <= NewestProtocol, "its protocol is none of 2 to 5");
                break;
            case '\x95':
                // A frame's length helps those who read ahead.
                _input.ReadUInt64();
                break;

            case 'N':
                Push(null);
                break;
            case '\x88':
                Push(True);
                break;
            case '\x89':
                Push(False);
                break;
            case 'K':
                Push(Small[_input.ReadByte()]);
                break;
            case 'M':
                Push((long)_input.ReadUInt16());
                break;
            case 'J':
                Push((long)(int)_input.ReadUInt32());
                break;
            case '\x8A':
                PushLong(_input.ReadBytes(_input.ReadByte()));
                break;
            case 'G':
                Push(_input.ReadDouble());
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Texts and bytes.</summary>
    private bool PushesText(char code)
    {
        switch (code)
        {
            case 'X':
            case 'T':
                Push(_input.ReadText(_input.ReadUInt32()));
                break;
            case '\x8C':
            case 'U':
                // Python 2 wrote its texts as U and T.
                Push(_input.ReadText(_input.ReadByte()));
                break;
            case '\x8D':
                Push(_input.ReadText(_input.ReadUInt64()));
                break;
            case 'C':
                Push(_input.ReadBytes(_input.ReadByte()));
                break;
            case 'B':
                Push(_input.ReadBytes(_input.ReadUInt32()));
                break;
            case '\x8E':
            case '\x96':
                Push(_input.ReadBytes(_input.ReadUInt64()));
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Marks, and what takes values away.</summary>
    private bool TakesValues(char code)
    {
        switch (code)
        {
            case '(':
                Check(_marks.Count < MostValues, "it has too many marks");
                _marks.Add(_stack.Count);
                break;
            case '0':
                Pop();
                break;
            case '1':
                PopToMark();
                break;
            case '2':
                Push(Top());
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Tuples, lists and dictionaries.</summary>
    private bool MakesCollection(char code)
    {
        switch (code)
        {
            case ')':
                Push(Array.Empty<object?>());
                break;
            case '\x85':
                PushTuple(1);
                break;
            case '\x86':
                PushTuple(2);
                break;
            case '\x87':
                PushTuple(3);
                break;
            case 't':
            case '\x91':
                Push(PopToMark());
                break;
            case ']':
            case '\x8F':
                Push(new List<object?>());
                break;
            case 'l':
                Push(new List<object?>(PopToMark()));
                break;

            case '}':
                Push(new PickleDictionary());
                break;
            case 'd':
                object?[] pairs = PopToMark();
                Push(new PickleDictionary());
                SetItems(pairs);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What goes into lists and dictionaries.</summary>
    private bool FillsCollection(char code)
    {
        switch (code)
        {
            case 'a':
                Append([Pop()]);
                break;
            case 'e':
            case '\x90':
                Append(PopToMark());
                break;

            case 's':
                object? value = Pop();
                SetItems([Pop(), value]);
                break;
            case 'u':
                SetItems(PopToMark());
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What is kept, and taken again.</summary>
    private bool UsesMemo(char code)
    {
        switch (code)
        {
            case 'q':
                Put(_input.ReadByte());
                break;
            case 'r':
                Put(_input.ReadUInt32());
                break;
            case '\x94':
                Put((uint)_memo.Count);
                break;
            case 'h':
                Push(Get(_input.ReadByte()));
                break;
            case 'j':
                Push(Get(_input.ReadUInt32()));
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Names, calls of what they stand for, and tensors' storages.</summary>
    private bool Calls(char code)
    {
        switch (code)
        {
            case 'c':
                Push(Find(_input.ReadLine(LongestName), _input.ReadLine(LongestName)));
                break;
            case '\x93':
                object? name = Pop(), module = Pop();
                Push(Find(Text(module), Text(name)));
                break;
            case 'R':
            case '\x81':
                object? arguments = Pop();
                Push(Call(Pop(), arguments));
                break;
            case 'b':
                Build(Pop());
                break;
            case 'Q':
                Push(_vocabulary.Resolve(Pop()));
                break;
            default:
                return false;
        }

        return true;
    }

    private static object[] Box(int count)
    {
        object[] boxes = new object[count];
        for (int i = 0; i < count; i++)
        {
            boxes[i] = (long)i;
        }

        return boxes;
    }

    private void Push(object? value)
    {
        Check(_stack.Count < MostValues, "its stack is too high");
        _stack.Add(value);
    }

    /// <summary>How many values are on the stack since the last mark: what is below the mark cannot be taken.</summary>
    private int Height => _stack.Count - (_marks.Count > 0 ? _marks[^1] : 0);

    private object? Top() => Height > 0 ? _stack[^1] : throw Damaged("it takes a value where there is none");

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopToMark()
    {
        Check(_marks.Count > 0, "it goes back to a mark where there is none");
        int begin = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return PopAll(_stack.Count - begin);
    }

    private void PushTuple(int length)
    {
        Check(Height >= length, "it takes a value where there is none");
        Push(PopAll(length));
    }

    private object?[] PopAll(int count)
    {
        object?[] values = new object?[count];
        _stack.CopyTo(_stack.Count - count, values, 0, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private void PushLong(byte[] bytes)
    {
        var number = new BigInteger(bytes);
        Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number);
    }

    private void Append(ReadOnlySpan<object?> values)
    {
        if (Top() is List<object?> list)
        {
            list.AddRange(values);
        }
        else
        {
            Check(Top() is PickleObject, "it appends to what is no list");
        }
    }

    private void SetItems(ReadOnlySpan<object?> values)
    {
        Check(values.Length % 2 == 0, "a key has no value");
        if (Top() is PickleDictionary dictionary)
        {
            for (int i = 0; i < values.Length; i += 2)
            {
                dictionary.Pairs.Add((values[i], values[i + 1]));
            }
        }
        else
        {
            Check(Top() is PickleObject, "it sets items of what is no dictionary");
        }
    }

    // Python numbers what it keeps from 0 on. Other numbers would make a short pickle take much memory.
    private void Put(uint index)
    {
        object? value = Top();
        if (index < _memo.Count)
        {
            _memo[(int)index] = value;
        }
        else if (index == _memo.Count && index < MostValues)
        {
            _memo.Add(value);
        }
        else
        {
            throw Damaged($"it keeps a value as number {index}, where {_memo.Count} is the next, and {MostValues} are allowed");
        }
    }

    private object? Get(uint index) =>
        index < _memo.Count ? _memo[(int)index] : throw Damaged($"it takes the value number {index}, of {_memo.Count}");

    private object Find(string module, string name)
    {
        string full = $"{module}.{name}";
        return _vocabulary.Find(full) ?? throw new DamagedFileException(
            $"the pickle asks for Python's '{MessageText.Show(full)}' at byte {_place}. Only weights are read, and nothing of a file is "
            + "executed. If it holds a whole model or other objects, save its weights alone in PyTorch: "
            + "torch.save(model.state_dict(), \"weights.pth\").");
    }

    private string Text(object? value) => value is string { Length: <= LongestName } text ? text : throw Damaged("a name is no text");

    private object? Call(object? function, object? arguments)
    {
        Check(arguments is object?[], "the arguments of a call are no tuple");
        return function is PickleCall call ? call.Result((object?[])arguments!)
            : throw Damaged("it calls what is no function");
    }

    /// <summary>Sets an object's attributes. State dictionaries have versions of modules there, which loading does not need.</summary>
    private void Build(object? state)
    {
        _ = state;
        Check(Top() is PickleDictionary or PickleObject, "it sets attributes of a plain value");
    }

    // The problem is a constant: it is passed for every value.
    private void Check(bool condition, string problem)
    {
        if (!condition)
        {
            throw Damaged(problem);
        }
    }

    private DamagedFileException Damaged(string problem) => new($"the pickle is damaged at byte {_place}: {problem}.");
}
