    twice converge no faster than the next power of the distance lets them, 3 alpha / 2, that one joins too. The sequence ends with status
    "floor" when d_n has stopped falling. Singularities inside the interval are not enriched: there the order stays low.

    Examples
