"""Invented names, grouped by the people whose naming custom they follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names of one custom.

    `weight` is the share of persons per thousand; `fathers` holds (son's, daughter's) patronymics
    and is empty where no patronymic is used; `declines` tells whether surnames have a feminine.
    """

    weight: int
    surnames: tuple[str, ...]
    sons: tuple[str, ...]
    daughters: tuple[str, ...]
    fathers: tuple[tuple[str, str], ...]
    declines: bool = True


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    words = [word.replace("_", " ") for word in text.split()]
    return tuple(zip(words[::2], words[1::2], strict=True))


RUSSIAN = NamePool(
    weight=780,
    surnames=_words(
        "Агапов Бекетов Васин Гусев Дёмин Егоров Жуков Зотов Игнатьев Киселёв Лапшин Муравьёв "
        "Никитин Орлов Пчёлкин Рябов Савельев Тихонов Уваров Филатов Хохлов Цветков Чернышёв "
        "Шаповалов Щеглов Юдин Яковлев Белозёров Воробьёв Горшков Добрынин Ерёмин Журавлёв "
        "Зайцев Ильин Кудрявцев Ломакин Мельников Носов Осипов Пахомов Родионов Соловьёв Туманов "
        "Успенский Фомин Холодный Чайковский Широков Ярцев Берёзкин Вешняков Глухов Дроздов "
        "Ершов Заболоцкий Калашников Лыткин Морозов Новосёлов Обухов Подгорный Разумовский "
        "Сорокин Трофимов Углов Хлебников Черных Шереметьев-Новицкий Мамин-Сибирцев Яшин "
        "Крутиков Левшин Ракитин Прокофьев Ситников Копылов Снегирёв Долгих Вербицкий Голубев "
        "Ковалёв Лебедев Петухов Третьяков Быстров Полозов Рощин Северный Курганов Лукин Майоров"
    ),
    sons=_words(
        "Иван Пётр Артём Михаил Семён Матвей Фёдор Дмитрий Егор Никита Андрей Тимофей Роман Лев "
        "Кирилл Глеб Степан Николай Алексей Владислав Григорий Захар Савелий Ярослав Константин"
    ),
    daughters=_words(
        "Анна Мария Софья Алёна Ксения Дарья Полина Виктория Алиса Варвара Екатерина Елизавета "
        "Майя Зоя Таисия Ульяна Надежда Вера Любовь Арина Василиса Наталья Юлия Ольга Злата"
    ),
    fathers=_pairs(
        "Иванович Ивановна Петрович Петровна Сергеевич Сергеевна Андреевич Андреевна Алексеевич "
        "Алексеевна Дмитриевич Дмитриевна Михайлович Михайловна Николаевич Николаевна Юрьевич "
        "Юрьевна Олегович Олеговна Игоревич Игоревна Викторович Викторовна Семёнович Семёновна "
        "Фёдорович Фёдоровна Григорьевич Григорьевна Львович Львовна Ильич Ильинична"
    ),
)
TATAR = NamePool(
    weight=70,
    surnames=_words("Гарипов Хасанов Сафиуллин Галиев Нуриев Шакиров Ахметзянов Мифтахов Зарипов"),
    sons=_words("Тимур Ильдар Рамиль Айрат Булат Марат Данияр"),
    daughters=_words("Айгуль Лейсан Алсу Гузель Камила Ралина Чулпан"),
    fathers=_pairs("Ринатович Ринатовна Маратович Маратовна Ильгизович Ильгизовна Фаридович Фаридовна"),
)
BASHKIR = NamePool(
    weight=25,
    surnames=_words("Юлдашбаев Ишмуратов Кильмухаметов Байрамгулов Исянгулов"),
    sons=_words("Салават Урал Азамат Ильнур"),
    daughters=_words("Айсылу Зульфия Нэркэс Гульнара"),
    fathers=_pairs("Уралович Ураловна Азаматович Азаматовна Хамитович Хамитовна"),
)
CAUCASUS = NamePool(
    weight=35,
    surnames=_words("Магомедов Алиханов Дзагоев Хубиев Цаллагов Шогенов Эльмурзаев Исмаилов"),
    sons=_words("Ахмед Руслан Аслан Заур Сослан Магомед"),
    daughters=_words("Патимат Мадина Залина Фатима Аминат Дзерасса"),
    fathers=_pairs("Магомедович Магомедовна Асланович Аслановна Казбекович Казбековна Русланович Руслановна"),
)
TUVAN = NamePool(
    weight=20,
    surnames=_words("Ооржак Монгуш Кужугет Сарыглар Хертек Донгак"),
    sons=_words("Айдыс Белек-оол Начын Чойган Субудай"),
    daughters=_words("Чайынмаа Айлана Чодураа Алдынай Саяна"),
    fathers=_pairs("Кара-оолович Кара-ооловна Мерген-оолович Мерген-ооловна Эресович Эресовна"),
    declines=False,
)
SAKHA = NamePool(
    weight=20,
    surnames=_words("Сивцев Слепцов Готовцев Ноговицын Тимирдяев"),
    sons=_words("Айаал Эрчим Ньургун Дьулустан"),
    daughters=_words("Айталина Сайаана Нарыйаана Туйаара"),
    fathers=_pairs("Афанасьевич Афанасьевна Гаврильевич Гаврильевна Прокопьевич Прокопьевна"),
)
BURYAT = NamePool(
    weight=15,
    surnames=_words("Цыренов Дамбаев Бадмаев Жамсаранов Очиров"),
    sons=_words("Баир Доржи Зоригто Аюр"),
    daughters=_words("Сэсэг Дарима Оюна Туяна"),
    fathers=_pairs(
        "Баирович Баировна Дашиевич Дашиевна Цыден-Дамбаевич Цыден-Дамбаевна Жаргалович Жаргаловна"
    ),
)
ARMENIAN = NamePool(
    weight=15,
    surnames=_words("Саркисян Тер-Акопян Мкртчян Григорян Хачатрян"),
    sons=_words("Арам Тигран Давид Нарек"),
    daughters=_words("Ани Мариам Нарине Сусанна"),
    fathers=_pairs("Арамович Арамовна Ашотович Ашотовна Вартанович Вартановна"),
    declines=False,
)
AZERI = NamePool(
    weight=10,
    surnames=_words("Мамедов Гасымов Рагимов Кулиев"),
    sons=_words("Али Эльчин Рауф"),
    daughters=_words("Лейла Севда Айтадж"),
    fathers=_pairs("Рашид_оглы Рашид_кызы Вагиф_оглы Вагиф_кызы"),
)
WITHOUT_PATRONYMIC = NamePool(
    weight=10,
    surnames=_words("Цой Ким Нгуен Ли Шмидт Д’Арк О’Нил Вайсман-Штерн"),
    sons=_words("Марк Ян Жан Эрик"),
    daughters=_words("Эмма Мия Лиен Жанна-Мария"),
    fathers=(),
    declines=False,
)

POOLS: tuple[NamePool, ...] = (
    RUSSIAN,
    TATAR,
    BASHKIR,
    CAUCASUS,
    TUVAN,
    SAKHA,
    BURYAT,
    ARMENIAN,
    AZERI,
    WITHOUT_PATRONYMIC,
)

# Worn by one pupil of the oldest class each, so that the awkward cases occur in every school.
PLANTED: tuple[tuple[str, str, str | None, str], ...] = (
    ("Ооржак", "Чайынмаа", "Кара-ооловна", "Female"),
    ("Ким", "Ян", None, "Male"),
    ("Соловьёв", "Артём", "Юрьевич", "Male"),
    ("Соловьёв", "Артём", "Юрьевич", "Male"),
)
