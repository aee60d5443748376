"""Writes tap events with Faker, as its users do: a provider call per cell, a CSV row at a time.

usage: faker_taps.py ROWS > FILE
"""
import csv
import datetime
import sys

from faker import Faker


def main():
    fake = Faker()
    Faker.seed(42)
    end = datetime.datetime(2026, 1, 1)
    start = end - datetime.timedelta(days=365)
    write = csv.writer(sys.stdout).writerow
    for row in range(int(sys.argv[1])):
        write([row + 1, fake.date_time_between(start, end), row // 1111 + 1, row // 5000 + 1, row // 3333 + 1,
               fake.random_int(0, 550), fake.random_int(1, 40), fake.random_int(1, 5), fake.random_int(20, 80),
               fake.random_int(0, 100)])


if __name__ == "__main__":
    main()
